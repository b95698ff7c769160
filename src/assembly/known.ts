import { type Digest, isDigest } from "../image/digest.ts";
import type { Repository } from "../image/reference.ts";
import { readManifest } from "../registry/content.ts";
import type { Descriptor } from "../registry/manifest.ts";
import type { Registries } from "../registry/registries.ts";
import { type ResolvedImage, repositoryContent, resolve } from "../registry/resolve.ts";
import { ifThere } from "./environment.ts";
import { LAYER_DIFF_ID, LAYER_KEY, LAYER_SET, modelTag } from "./names.ts";

/** A layer of an earlier run: what its files were, and what its blob is. */
export interface KnownLayer {
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
  readonly set: Digest;
}

/** The manifest that a tag of a repository points to, with the layers that a later run may know again. */
export interface EarlierImage {
  readonly root: ResolvedImage;
  readonly annotations: Readonly<Record<string, string>>;
  /** All of its layers; of an index, those of its first member. */
  readonly layers: readonly Descriptor[];
  readonly known: ReadonlyMap<string, KnownLayer>;
}

/** What the tag points to now; `undefined` when there is nothing yet, or nothing that can be read. */
export function findEarlier(
  registries: Registries,
  repository: Repository,
  tag: string,
): Promise<EarlierImage | undefined> {
  return ifThere(() => readEarlier(registries, repository, tag));
}

async function readEarlier(registries: Registries, repository: Repository, tag: string): Promise<EarlierImage> {
  const root = await resolve(registries, { ...repository, tag });
  const content = repositoryContent(registries, repository, root);
  const { manifest } = await readManifest(content, root);
  const [first] = manifest.kind === "index" ? manifest.members : [];
  const member = first === undefined ? manifest : (await readManifest(content, first)).manifest;
  const layers = member.kind === "manifest" ? member.layers : [];
  return { root, annotations: manifest.annotations, layers, known: knownLayers(layers) };
}

/** The layers of a model that an earlier run left beside its image; none when it left nothing. */
export async function findModel(
  registries: Registries,
  repository: Repository,
  key: Digest,
): Promise<ReadonlyMap<string, KnownLayer>> {
  const found = await findEarlier(registries, repository, modelTag(key));
  return found?.known ?? new Map();
}

function knownLayers(layers: readonly Descriptor[]): ReadonlyMap<string, KnownLayer> {
  return new Map(
    layers.flatMap((descriptor): readonly (readonly [string, KnownLayer])[] => {
      const { [LAYER_KEY]: key, [LAYER_DIFF_ID]: diffId = "", [LAYER_SET]: set = "" } = descriptor.annotations;
      if (key === undefined || !isDigest(diffId) || !isDigest(set)) return [];
      return [[key, { descriptor, diffId, set }]];
    }),
  );
}
