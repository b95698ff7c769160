import { environmentClaims, type StoredEnvironment } from "../cache/cached-environment.ts";
import { type CachedLayer, type ImageManifest, modelClaims } from "../cache/cached-layers.ts";
import type { LayerCache } from "../cache/layer-cache.ts";
import { ENVIRONMENT_KEY, environmentTag, modelTag, RECORD_SIGNATURE } from "../cache/names.ts";
import type { Claims, RecordKind } from "../cache/signature.ts";
import { Failure } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import { OCI_CONFIG, OCI_EMPTY, OCI_MANIFEST, ociType } from "../oci/media-types.ts";
import { type Repository, repositoryOf, sameRepository } from "../oci/reference.ts";
import type { Registries } from "../registry/registries.ts";
import { sendManifest } from "../registry/send-manifest.ts";
import { transfer } from "../registry/transfer.ts";
import { assembledContent } from "./assembled-content.ts";
import type { BlobPresence } from "./blob-presence.ts";
import { type Document, descriptorJson, document } from "./compose.ts";
import type { CacheLookup } from "./look-up.ts";
import type { PreparedLayer } from "./prepare-layers.ts";
import type { AssemblyRequest } from "./request.ts";

/** The artifact type of a model record. */
const MODEL_TYPE = "application/vnd.bento-image.model.v1+json";

/**
 * Stores a record of each new model in the cache: a manifest that lists its layers, under a tag made from its key. Later
 * images with other tags then reuse the layers, and the registry keeps their blobs when older images are removed. Nothing
 * is stored when the cache is in another registry than the image, because the weights would have to be sent there too.
 */
export async function storeModels(
  registries: Registries,
  { cache, references }: Pick<AssemblyRequest, "cache" | "references">,
  newModels: CacheLookup["newModels"],
  layers: readonly PreparedLayer[],
  presence: BlobPresence,
): Promise<void> {
  const image = references.find(({ domain }) => domain === cache?.repository.domain);
  if (cache === undefined || image === undefined) return;
  for (const model of newModels) {
    const own = layers.filter(({ job }) => job.model === model);
    const store = () => storeModel(registries, repositoryOf(image), cache, model, own, presence);
    await tryToStore(registries, "Could not store a model in the cache", store);
  }
}

/**
 * Moves the tag of the Bento's last image to this one. In a registry with immutable tags it stays at the first image,
 * which is older but still valid for lookups.
 */
export async function moveLastTag(
  registries: Registries,
  { last }: Pick<AssemblyRequest, "last">,
  root: Document,
): Promise<void> {
  if (last === undefined) return;
  const store = () => sendManifest(registries, last, { ...root, blobs: [] });
  await tryToStore(registries, "Could not move the tag of the Bento's last image", store);
}

/** Tags a new environment with its key. The environment is already in the cache repository, by digest. */
export async function storeEnvironment(
  registries: Registries,
  cache: LayerCache,
  { environment, manifest }: StoredEnvironment,
): Promise<void> {
  const { key } = environment;
  const signature = signatureOf(cache, "environment", environmentClaims(cache.repository, environment));
  const record = recordOf(manifest, { [ENVIRONMENT_KEY]: key, ...signature });
  const reference = { ...cache.repository, tag: environmentTag(key, cache.signer) };
  const store = () => sendManifest(registries, reference, { ...record, blobs: [] });
  await tryToStore(registries, "Could not store the environment in the cache", store);
}

/** A manifest with OCI media types over the same blobs. */
export function recordOf(
  { config, layers }: Pick<ImageManifest, "config" | "layers">,
  annotations: Readonly<Record<string, string>>,
): Document {
  return document(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: descriptorJson({ ...config, mediaType: OCI_CONFIG, annotations: {} }),
    layers: layers.map((layer) => descriptorJson({ ...layer, mediaType: ociType(layer.mediaType), annotations: {} })),
    annotations,
  });
}

/** Logs a failure instead of throwing it: only later runs need the cache, and the image of this run is complete. */
async function tryToStore(registries: Registries, message: string, store: () => Promise<unknown>): Promise<void> {
  const { actions, signal } = registries.machine;
  try {
    await store();
  } catch (error) {
    if (signal.aborted || (error instanceof Failure && error.class === "cancelled")) throw error;
    actions.info(`${message}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function storeModel(
  registries: Registries,
  from: Repository,
  cache: LayerCache,
  model: Digest,
  layers: readonly PreparedLayer[],
  { has }: BlobPresence,
): Promise<void> {
  const { repository, signer } = cache;
  const config = document(OCI_EMPTY, {});
  const annotations = signatureOf(cache, "model", modelClaims(repository, model, layersByKey(layers)));
  const manifest = document(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: MODEL_TYPE,
    config: descriptorJson(config.descriptor),
    layers: layers.map(({ descriptor }) => descriptorJson(descriptor)),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  });
  const content = assembledContent([config, manifest], layers, []);
  const origin = sameRepository(from, repository) ? {} : { repository: from };
  const tag = { ...repository, tag: modelTag(model, signer) };
  await transfer(registries, { ...content, ...origin }, manifest.descriptor, [tag], { present: has });
}

/** The layers that have keys by them, in the form in which a later run reads them: those of models. */
export function layersByKey(layers: readonly PreparedLayer[]): ReadonlyMap<string, CachedLayer> {
  return new Map(
    layers.flatMap(({ job: { key }, descriptor: { mediaType, digest, size }, diffId }) =>
      key === undefined ? [] : [[key, { mediaType, digest, size, diffId }] as const],
    ),
  );
}

function signatureOf({ signer }: LayerCache, kind: RecordKind, claims: Claims): Readonly<Record<string, string>> {
  return signer === undefined ? {} : { [RECORD_SIGNATURE]: signer.sign(kind, claims) };
}
