import type { Environment } from "../cache/cached-environment.ts";
import { CONTENT_KEY, ENVIRONMENT_CONFIG, ENVIRONMENT_KEY } from "../cache/names.ts";
import type { ContentProvider } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { assembledContent } from "./assembled-content.ts";
import { composeImage, composeIndex, type Document } from "./compose.ts";
import type { PreparedLayer } from "./prepare-layers.ts";
import type { AssemblyRequest } from "./request.ts";

/** A complete image for one or more platforms: the document that its tag points to, and all of its content. */
export interface AssembledImage {
  readonly root: Document;
  readonly content: ContentProvider;
  /** Documents that this run made, which no registry has yet. */
  readonly documents: readonly Document[];
}

/**
 * Adds the payload to each environment. Several environments give an index in the same order. The action adds no
 * annotations of its own to it, so that merging the same images in another run gives the same index.
 */
export function assemble(
  environments: readonly Environment[],
  layers: readonly PreparedLayer[],
  { runtime }: Pick<Recipe, "runtime">,
  {
    epoch,
    labels,
    annotations: asked,
    indexAnnotations,
  }: Pick<AssemblyRequest, "epoch" | "labels" | "annotations" | "indexAnnotations">,
  contentKey: (environment: Digest) => Digest,
): AssembledImage {
  const images = environments.map((environment) => {
    const { key, configDigest, platform } = environment;
    const own = { [CONTENT_KEY]: contentKey(key), [ENVIRONMENT_KEY]: key, [ENVIRONMENT_CONFIG]: configDigest };
    const annotations = { ...asked, ...own };
    return { platform, ...composeImage({ environment, layers, runtime, labels, annotations, epoch }) };
  });
  const [only] = images;
  const root = only !== undefined && images.length === 1 ? only.manifest : composeIndex(images, indexAnnotations);
  const documents = [...new Set([...images.flatMap(({ config, manifest }) => [config, manifest]), root])];
  return { root, documents, content: assembledContent(documents, layers, environments) };
}
