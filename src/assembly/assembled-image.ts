import type { Environment } from "../cache/cached-environment.ts";
import { CONTENT_KEY, ENVIRONMENT_CONFIG, ENVIRONMENT_KEY } from "../cache/names.ts";
import type { ContentProvider } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { assembledContent } from "./assembled-content.ts";
import { composeImage, composeIndex, type Document } from "./compose.ts";
import type { PreparedLayer } from "./prepare-layers.ts";
import type { AssemblyRequest } from "./request.ts";

/** A whole image, for one platform or several: what its tag shall point to, and where everything of it comes from. */
export interface AssembledImage {
  readonly root: Document;
  readonly content: ContentProvider;
  /** Documents that no registry can have yet. */
  readonly documents: readonly Document[];
}

/**
 * Puts the payload on each environment. Several of them make an index, in their request, which says nothing of its own: who
 * joins the same images in another run gets the same index.
 */
export function assemble(
  environments: readonly Environment[],
  layers: readonly PreparedLayer[],
  { runtime }: Pick<Recipe, "runtime">,
  { epoch, labels, annotations: asked }: Pick<AssemblyRequest, "epoch" | "labels" | "annotations">,
  contentKey: (environment: Digest) => Digest,
): AssembledImage {
  const images = environments.map((environment) => {
    const { key, configDigest, platform } = environment;
    const own = { [CONTENT_KEY]: contentKey(key), [ENVIRONMENT_KEY]: key, [ENVIRONMENT_CONFIG]: configDigest };
    const annotations = { ...asked, ...own };
    return { platform, ...composeImage({ environment, layers, runtime, labels, annotations, epoch }) };
  });
  const [only] = images;
  const root = only !== undefined && images.length === 1 ? only.manifest : composeIndex(images, {});
  const documents = [...new Set([...images.flatMap(({ config, manifest }) => [config, manifest]), root])];
  return { root, documents, content: assembledContent(documents, layers, environments) };
}
