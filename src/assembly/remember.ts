import type { Digest } from "../image/digest.ts";
import { type Repository, repositoryOf, sameRepository } from "../image/reference.ts";
import { OCI_EMPTY, OCI_MANIFEST } from "../registry/media-types.ts";
import type { Registries } from "../registry/registries.ts";
import { sendManifest } from "../registry/send-manifest.ts";
import { transfer } from "../registry/transfer.ts";
import { type Document, document, stated } from "./compose.ts";
import { assembledContent } from "./content.ts";
import type { Knowledge } from "./knowledge.ts";
import { modelTag } from "./names.ts";
import type { Order } from "./order.ts";
import type { PreparedLayer } from "./payload.ts";
import type { Placement } from "./placement.ts";

/** What lies under the tag of a model. */
const MODEL_TYPE = "application/vnd.bento-image.model.v1+json";

/**
 * Keeps what was found out about new models: a manifest each, under a tag made of its key, that names its layers. A
 * later image with another tag then knows them too, and the registry keeps their blobs when older images are removed.
 * The image is complete without it, so what a registry refuses here is only told. Nothing is kept in another registry
 * than the image's: the weights would have to go there too.
 */
export async function rememberModels(
  registries: Registries,
  { cache, references }: Pick<Order, "cache" | "references">,
  { newModels }: Pick<Knowledge, "newModels">,
  layers: readonly PreparedLayer[],
  placement: Placement,
): Promise<void> {
  const image = references.find(({ domain }) => domain === cache?.domain);
  if (cache === undefined || image === undefined) return;
  for (const model of newModels) {
    const own = layers.filter(({ job }) => job.model === model);
    try {
      await remember(registries, repositoryOf(image), cache, model, own, placement);
    } catch (error) {
      registries.world.actions.debug(`A model could not be noted in the registry: ${String(error)}`);
    }
  }
}

/**
 * Lets the tag of the Bento's last image point to this one. A later run finds there what it needs to know, whatever tag it
 * writes. A registry that refuses to move a tag keeps the first one.
 */
export async function rememberImage(
  registries: Registries,
  { last }: Pick<Order, "last">,
  root: Document,
): Promise<void> {
  if (last === undefined) return;
  try {
    await sendManifest(registries, last, { ...root, blobs: [] });
  } catch (error) {
    registries.world.actions.debug(`The tag of the last image could not be moved: ${String(error)}`);
  }
}

async function remember(
  registries: Registries,
  from: Repository,
  cache: Repository,
  model: Digest,
  layers: readonly PreparedLayer[],
  { has }: Placement,
): Promise<void> {
  const config = document(OCI_EMPTY, {});
  const manifest = document(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: MODEL_TYPE,
    config: stated(config.descriptor),
    layers: layers.map(({ descriptor }) => stated(descriptor)),
  });
  const content = assembledContent([config, manifest], layers, []);
  const origin = sameRepository(from, cache) ? {} : { repository: from };
  const tag = { ...cache, tag: modelTag(model) };
  await transfer(registries, { ...content, ...origin }, manifest.descriptor, [tag], { present: has });
}
