import { Failure } from "../errors.ts";
import { readManifest } from "../oci/content.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import type { Descriptor, Manifest } from "../oci/manifest.ts";
import { printReference, printRepository, type Reference, type Repository, repositoryOf } from "../oci/reference.ts";
import type { Registries } from "../registry/registries.ts";
import { type ResolvedImage, repositoryContent, resolve } from "../registry/resolve.ts";
import { isSource, type LayerCache } from "./layer-cache.ts";
import { LAYER_DIFF_ID, LAYER_KEY, LAYER_TITLE, modelTag, RECORD_SIGNATURE } from "./names.ts";
import type { Claims } from "./signature.ts";

/** A layer that an earlier run made, as the cache has it. What else stands beside it there is not taken over. */
export interface CachedLayer extends Pick<Descriptor, "mediaType" | "digest" | "size"> {
  readonly diffId: Digest;
}

/**
 * The image that a tag points to before the run, whoever wrote it: figures for the report, and digests to compare with.
 * It has no layers that could be put into another image.
 */
export interface PreviousImage {
  readonly reference: Reference;
  readonly digest: Digest;
  /** Of its first platform. */
  readonly layers: readonly SizedLayer[];
  /**
   * Blobs that its repository seems to hold. They spare the question whether a blob must be sent, whose digest this run
   * knows from elsewhere; a registry that does not hold one refuses the manifest that names it.
   */
  readonly holds: readonly Digest[];
}

export interface SizedLayer {
  /** Undefined for a layer of the environment. */
  readonly title?: string;
  /** Bytes. */
  readonly size: number;
}

/** An image in the repository of the cache: its layers, and the environment below them, are as good as the cache's own. */
export interface CachedImage {
  readonly root: ResolvedImage;
  readonly reference: Reference;
  /** In the order of the index. */
  readonly members: readonly ImageManifest[];
  /** By their keys. */
  readonly layers: ReadonlyMap<string, CachedLayer>;
}

export type ImageManifest = Extract<Manifest, { readonly kind: "manifest" }>;

export interface Previous {
  readonly previous?: PreviousImage;
  /** The same image, when the cache is where it lies and models are looked up there. */
  readonly cached?: CachedImage;
}

/** Of an index with more members nothing is read: this action writes one for each platform. */
const MOST_MEMBERS = 32;

/** The image that the first of the references stands for that stands for one; nothing when none does, or none can be read. */
export async function findPrevious(
  registries: Registries,
  references: readonly Reference[],
  cache: LayerCache | undefined,
): Promise<Previous> {
  for (const reference of references) {
    const found = await unlessAbsent(() => readImage(registries, reference));
    if (found !== undefined) return previousOf(reference, found, cache);
  }
  return {};
}

interface StoredImage {
  readonly root: ResolvedImage;
  readonly members: readonly ImageManifest[];
}

async function readImage(registries: Registries, reference: Reference): Promise<StoredImage> {
  const root = await resolve(registries, reference);
  const content = repositoryContent(registries, repositoryOf(reference), root);
  const { manifest } = await readManifest(content, root);
  const read = async (descriptor: Descriptor): Promise<Manifest> => (await readManifest(content, descriptor)).manifest;
  if (manifest.kind === "manifest") return { root, members: [manifest] };
  const distinct = [...new Map(manifest.members.map((member) => [member.digest, member])).values()];
  if (distinct.length > MOST_MEMBERS) return { root, members: [] };
  const manifests = await Promise.all(distinct.map(read));
  return { root, members: manifests.filter((member) => member.kind === "manifest") };
}

function previousOf(reference: Reference, image: StoredImage, cache: LayerCache | undefined): Previous {
  const { root, members } = image;
  const layers = members.flatMap((member) => member.layers);
  const previous: PreviousImage = {
    reference,
    digest: root.digest,
    layers: members[0]?.layers.map(sizedLayer) ?? [],
    holds: [...new Set(members.flatMap(({ config, layers: own }) => [config, ...own].map(({ digest }) => digest)))],
  };
  if (!isSource(cache, reference) || !cache.reads.models) return { previous };
  return { previous, cached: { reference, root, members, layers: cachedLayersOf(layers) } };
}

function sizedLayer({ size, annotations: { [LAYER_TITLE]: title } }: Descriptor): SizedLayer {
  return { size, ...(title === undefined ? {} : { title }) };
}

/**
 * The layers that the cache has of a model, by their keys; none when it has nothing, or nothing that is signed as the
 * cache wants it.
 */
export async function findModel(
  registries: Registries,
  cache: LayerCache,
  key: Digest,
): Promise<ReadonlyMap<string, CachedLayer>> {
  const reference = { ...cache.repository, tag: modelTag(key, cache.signer) };
  const found = await unlessAbsent(() => readImage(registries, reference));
  const [record, ...others] = found?.members ?? [];
  if (record === undefined || others.length > 0) return new Map();
  const layers = cachedLayersOf(record.layers);
  const claims = modelClaims(cache.repository, key, layers);
  if (cache.signer?.isGenuine("model", claims, record.annotations[RECORD_SIGNATURE]) === false) {
    warnOfForgery(registries, reference);
    return new Map();
  }
  return layers;
}

/** What the record of a model says: in which repository and by which key it is found, and what each of its layers is. */
export function modelClaims(repository: Repository, model: Digest, layers: ReadonlyMap<string, CachedLayer>): Claims {
  const sorted = [...layers].sort(([one], [other]) => (one < other ? -1 : 1));
  const parts = sorted.map(([key, { diffId, mediaType, digest, size }]) => [key, diffId, mediaType, digest, size]);
  return [printRepository(repository), model, parts];
}

export function warnOfForgery({ machine }: Pick<Registries, "machine">, reference: Reference): void {
  machine.actions.warning(
    `${printReference(reference)} is not signed with this cache-key, so it is not used and made anew. Nobody without the key should write there.`,
  );
}

function cachedLayersOf(layers: readonly Descriptor[]): ReadonlyMap<string, CachedLayer> {
  return new Map(
    layers.flatMap(({ mediaType, digest, size, annotations }): readonly (readonly [string, CachedLayer])[] => {
      const { [LAYER_KEY]: key, [LAYER_DIFF_ID]: diffId = "" } = annotations;
      return key === undefined || !isDigest(diffId) ? [] : [[key, { mediaType, digest, size, diffId }]];
    }),
  );
}

/** A repository that was never pushed to may deny that it exists; what is really forbidden fails again at the push. */
const ABSENT: readonly string[] = ["NotFound", "Denied", "ManifestInvalid", "TooLarge"];

/** What cannot be read, in whole or in part, counts as absent: it is made anew then, and may take the place of the other. */
export async function unlessAbsent<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Failure && ABSENT.includes(error.code)) return undefined;
    throw error;
  }
}
