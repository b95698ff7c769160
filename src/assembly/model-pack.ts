/** A CNCF ModelPack manifest beside the image: https://github.com/modelpack/model-spec/blob/main/docs/spec.md */
import { type LocatedModel, printTag } from "../bento/bento.ts";
import type { Descriptor } from "../oci/manifest.ts";
import { OCI_MANIFEST } from "../oci/media-types.ts";
import { printRepository, type Repository, withDigest } from "../oci/reference.ts";
import { addReferrer } from "../registry/referrers.ts";
import type { Registries } from "../registry/registries.ts";
import { transfer } from "../registry/transfer.ts";
import { assembledContent } from "./assembled-content.ts";
import type { BlobPresence } from "./blob-presence.ts";
import { type Document, descriptorJson, document } from "./compose.ts";
import type { PreparedLayer } from "./prepare-layers.ts";

const MODEL_MANIFEST = "application/vnd.cncf.model.manifest.v1+json";
const MODEL_CONFIG = "application/vnd.cncf.model.config.v1+json";
const MODEL_WEIGHT = "application/vnd.cncf.model.weight.v1.tar";

/** A model as a separate artifact. */
export interface ModelPack {
  readonly config: Document;
  readonly manifest: Document;
  readonly layers: readonly PreparedLayer[];
}

/**
 * The artifact of a model. It lists the image's own blobs, so it adds only two small documents. Its `subject` is the
 * image, so each can be found from the other.
 * @see https://github.com/modelpack/model-spec/blob/main/docs/config.md
 */
function composeModelPack(located: LocatedModel, layers: readonly PreparedLayer[], image: Descriptor): ModelPack {
  const config = document(MODEL_CONFIG, {
    descriptor: descriptorOf(located),
    modelfs: { type: "layers", diffIds: layers.map(({ diffId }) => diffId) },
    config: {},
  });
  const manifest = document(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: MODEL_MANIFEST,
    config: descriptorJson(config.descriptor),
    layers: layers.map(({ descriptor }) =>
      descriptorJson({ ...descriptor, mediaType: weightType(descriptor.mediaType) }),
    ),
    subject: descriptorJson({ ...image, annotations: {} }),
  });
  return { config, manifest, layers };
}

function descriptorOf({ model, ...located }: LocatedModel): object {
  const common = {
    ...(model.creationTime === undefined ? {} : { createdAt: model.creationTime.toISOString() }),
    name: model.tag.name,
    version: model.tag.version,
  };
  if (model.registry === "bentoml") return common;
  const revision = "commit" in located ? located.commit : model.revision;
  return { ...common, name: model.repository, revision, sourceURL: `${model.endpoint ?? HUB}/${model.repository}` };
}

const HUB = "https://huggingface.co";

/** `…tar+gzip` of an image → `…tar+gzip` of a model. */
function weightType(mediaType: string): string {
  return `${MODEL_WEIGHT}${/\+\w+$/.exec(mediaType)?.[0] ?? ""}`;
}

/**
 * Pushes an artifact for every model to each repository of the image, by digest.
 * @returns a line for each model, for the log.
 */
export async function pushModelPacks(
  registries: Registries,
  image: Descriptor,
  repositories: readonly Repository[],
  layers: readonly PreparedLayer[],
  { has }: BlobPresence,
): Promise<readonly string[]> {
  const models = [...new Set(layers.flatMap(({ job }) => job.located ?? []))];
  const lines: string[] = [];
  for (const located of models) {
    const own = layers.filter(({ job }) => job.located === located);
    const { config, manifest } = composeModelPack(located, own, image);
    const content = assembledContent([config, manifest], own, []);
    const references = repositories.map((repository) => withDigest(repository, manifest.descriptor.digest));
    await transfer(registries, content, manifest.descriptor, references, { present: has });
    for (const repository of repositories) {
      await addReferrer(registries, repository, image.digest, { ...manifest.descriptor, artifactType: MODEL_MANIFEST });
    }
    const names = repositories.map((repository) => `${printRepository(repository)}@${manifest.descriptor.digest}`);
    lines.push(`Model artifact of ${printTag(located.model.tag)}: ${names.join(", ")}`);
  }
  return lines;
}
