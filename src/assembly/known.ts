import { type Digest, isDigest } from "../image/digest.ts";
import { type Reference, type Repository, repositoryOf } from "../image/reference.ts";
import { readManifest } from "../registry/content.ts";
import type { Descriptor, Manifest } from "../registry/manifest.ts";
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

/** The manifest that a tag points to, or the manifests of its index, with the layers that a later run may know again. */
export interface EarlierImage {
  readonly reference: Reference;
  readonly root: ResolvedImage;
  /** In the order of the index. */
  readonly members: readonly EarlierMember[];
  readonly known: ReadonlyMap<string, KnownLayer>;
}

export interface EarlierMember {
  readonly annotations: Readonly<Record<string, string>>;
  readonly layers: readonly Descriptor[];
}

/** What the first reference that stands for an image stands for now; `undefined` when none does, or none that can be read. */
export async function findEarlier(
  registries: Registries,
  references: readonly Reference[],
): Promise<EarlierImage | undefined> {
  for (const reference of references) {
    const found = await ifThere(() => readEarlier(registries, reference));
    if (found !== undefined) return found;
  }
  return undefined;
}

async function readEarlier(registries: Registries, reference: Reference): Promise<EarlierImage> {
  const root = await resolve(registries, reference);
  const content = repositoryContent(registries, repositoryOf(reference), root);
  const { manifest } = await readManifest(content, root);
  const read = async (descriptor: Descriptor): Promise<Manifest> => (await readManifest(content, descriptor)).manifest;
  const manifests = manifest.kind === "index" ? await Promise.all(manifest.members.map(read)) : [manifest];
  const members = manifests.filter((member) => member.kind === "manifest");
  return { reference, root, members, known: knownLayers(members.flatMap(({ layers }) => layers)) };
}

/** The layers of a model that an earlier run left beside its image; none when it left nothing. */
export async function findModel(
  registries: Registries,
  repository: Repository,
  key: Digest,
): Promise<ReadonlyMap<string, KnownLayer>> {
  const found = await findEarlier(registries, [{ ...repository, tag: modelTag(key) }]);
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
