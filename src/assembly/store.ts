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

/** What lies under the tag of a model. */
const MODEL_TYPE = "application/vnd.bento-image.model.v1+json";

/**
 * Stores in the cache what was found out about new models: a manifest each, under a tag made of its key, that names its
 * layers. A later image with another tag then knows them too, and the registry keeps their blobs when older images are
 * removed. Nothing is stored in another registry than the image's: the weights would have to go there too.
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
    await storing(registries, "A model was not stored in the cache", store);
  }
}

/**
 * Lets the tag of the Bento's last image point to this one. A registry that refuses to move a tag keeps the first one:
 * what a later run finds there is then older, and no less true.
 */
export async function moveLastTag(
  registries: Registries,
  { last }: Pick<AssemblyRequest, "last">,
  root: Document,
): Promise<void> {
  if (last === undefined) return;
  const store = () => sendManifest(registries, last, { ...root, blobs: [] });
  await storing(registries, "The tag of the Bento's last image was not moved", store);
}

/** Puts a new environment, which is in the cache's repository under its digest, under the tag of its key. */
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
  await storing(registries, "The environment was not stored in the cache", store);
}

/** The manifest of OCI's types over the same blobs. */
function recordOf({ config, layers }: ImageManifest, annotations: Readonly<Record<string, string>>): Document {
  return document(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: descriptorJson({ ...config, mediaType: OCI_CONFIG, annotations: {} }),
    layers: layers.map((layer) => descriptorJson({ ...layer, mediaType: ociType(layer.mediaType), annotations: {} })),
    annotations,
  });
}

/** The cache is for later runs, and this run's image is whole without: what a registry refuses is only told. */
async function storing(registries: Registries, otherwise: string, store: () => Promise<unknown>): Promise<void> {
  const { actions, signal } = registries.machine;
  try {
    await store();
  } catch (error) {
    if (signal.aborted || (error instanceof Failure && error.class === "cancelled")) throw error;
    actions.info(`${otherwise}: ${error instanceof Error ? error.message : String(error)}`);
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
  const annotations = signatureOf(cache, "model", modelClaims(repository, model, knownBy(layers)));
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

/** As a later run will read them. */
function knownBy(layers: readonly PreparedLayer[]): ReadonlyMap<string, CachedLayer> {
  return new Map(
    layers.flatMap(({ job: { key }, descriptor: { mediaType, digest, size }, diffId }) =>
      key === undefined ? [] : [[key, { mediaType, digest, size, diffId }] as const],
    ),
  );
}

function signatureOf({ signer }: LayerCache, kind: RecordKind, claims: Claims): Readonly<Record<string, string>> {
  return signer === undefined ? {} : { [RECORD_SIGNATURE]: signer.sign(kind, claims) };
}
