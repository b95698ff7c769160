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

/** A layer that an earlier run stored in the cache. Other fields of its descriptor are ignored. */
export interface CachedLayer extends Pick<Descriptor, "mediaType" | "digest" | "size"> {
  readonly diffId: Digest;
}

/**
 * The image that a tag points to before this run. Anybody may have written it, so it is used only for comparison and for
 * the sizes in the report; its layers are not reused.
 */
export interface PreviousImage {
  readonly reference: Reference;
  readonly digest: Digest;
  /** The layers of its first platform. */
  readonly layers: readonly SizedLayer[];
  /**
   * Digests of the blobs that its repository should hold. A blob of this list is not sent and not asked for. A registry
   * that does not hold one refuses the manifest that lists it.
   */
  readonly blobs: readonly Digest[];
}

export interface SizedLayer {
  /** Undefined for a layer of the environment. */
  readonly title?: string;
  /** Bytes. */
  readonly size: number;
}

/** An image in the cache repository. Its layers and its environment are trusted like other records of the cache. */
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
  /** The same image, when it is in the cache repository and the cache is read for models. */
  readonly cached?: CachedImage;
}

/** An index with more members is not read: this action writes one member for each platform. */
const MAX_MEMBERS = 32;

/** The first of the references that resolves to an image; empty when none can be read. */
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
  if (distinct.length > MAX_MEMBERS) return { root, members: [] };
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
    blobs: [...new Set(members.flatMap(({ config, layers: own }) => [config, ...own].map(({ digest }) => digest)))],
  };
  if (!isSource(cache, reference) || !cache.reads.models) return { previous };
  return { previous, cached: { reference, root, members, layers: cachedLayersOf(layers) } };
}

function sizedLayer({ size, annotations: { [LAYER_TITLE]: title } }: Descriptor): SizedLayer {
  return { size, ...(title === undefined ? {} : { title }) };
}

/**
 * The cached layers of a model, by their keys. Empty when the cache has no record of the model, or when it requires a
 * signature and the one of the record is missing or wrong.
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

/** The claims that the record of a model signs: its repository, its key and each of its layers. */
export function modelClaims(repository: Repository, model: Digest, layers: ReadonlyMap<string, CachedLayer>): Claims {
  const sorted = [...layers].sort(([one], [other]) => (one < other ? -1 : 1));
  const parts = sorted.map(([key, { diffId, mediaType, digest, size }]) => [key, diffId, mediaType, digest, size]);
  return [printRepository(repository), model, parts];
}

export function warnOfForgery({ machine }: Pick<Registries, "machine">, reference: Reference): void {
  machine.actions.warning(
    `Ignoring ${printReference(reference)}: it is not signed with this cache-key. It is built again. Only jobs that have the key should be able to push to this repository.`,
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

/** `Denied` is among them: some registries answer so for a repository that does not exist yet. Where access is really denied, the push fails. */
const ABSENT: readonly string[] = ["NotFound", "Denied", "ManifestInvalid", "TooLarge"];

/** `undefined` for an image that does not exist or cannot be read: this run then builds it and may overwrite the old one. */
export async function unlessAbsent<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Failure && ABSENT.includes(error.code)) return undefined;
    throw error;
  }
}
