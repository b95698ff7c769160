import { type Repository, sameRepository } from "../oci/reference.ts";
import type { CacheSigner } from "./signature.ts";

/**
 * The one repository from which a run takes layers and environments that it did not make itself; what other repositories
 * hold is looked at for its size alone. Every function that gives a cached layer or a cached environment asks for this.
 */
export interface LayerCache {
  readonly repository: Repository;
  /** Signs what is stored, and tells what is believed. Without it everybody is believed who may write to the repository. */
  readonly signer?: CacheSigner;
  /** What is looked up. Whatever is made anew is stored all the same. */
  readonly reads: { readonly environments: boolean; readonly models: boolean };
}

/**
 * Whether a whole image may be taken apart for what is in it: only one in the cache's own repository. Images are not
 * signed, so with a key only the records are believed that were made for it.
 */
export function isSource(cache: LayerCache | undefined, repository: Repository): cache is LayerCache {
  return cache !== undefined && cache.signer === undefined && sameRepository(cache.repository, repository);
}
