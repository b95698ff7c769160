import { type Repository, sameRepository } from "../oci/reference.ts";
import type { CacheSigner } from "./signature.ts";

/**
 * The only repository from which a run reuses layers and environments of earlier runs. Images in other repositories are
 * read for their sizes alone. Every function that returns a cached layer or a cached environment takes this as a
 * parameter.
 */
export interface LayerCache {
  readonly repository: Repository;
  /** Signs records when they are stored and verifies them when they are read. Without it, everybody who can push to the repository is trusted. */
  readonly signer?: CacheSigner;
  /** What is looked up. Results are stored in either case. */
  readonly reads: { readonly environments: boolean; readonly models: boolean };
}

/**
 * Whether the layers and the environment of an image in this repository may be reused: only in the cache's own repository,
 * and only without a cache key. Images are not signed, so with a key only signed records are used.
 */
export function isSource(cache: LayerCache | undefined, repository: Repository): cache is LayerCache {
  return cache !== undefined && cache.signer === undefined && sameRepository(cache.repository, repository);
}
