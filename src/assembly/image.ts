import type { Digest } from "../image/digest.ts";
import type { Recipe } from "../image/recipe.ts";
import type { ContentProvider } from "../registry/content.ts";
import { composeImage, composeIndex, type Document } from "./compose.ts";
import { assembledContent } from "./content.ts";
import type { Environment } from "./environment.ts";
import { CONTENT_KEY } from "./names.ts";
import type { Order } from "./order.ts";
import type { PreparedLayer } from "./payload.ts";

/** A whole image, for one platform or several: what its tag shall point to, and where everything of it comes from. */
export interface AssembledImage {
  readonly root: Document;
  readonly content: ContentProvider;
  /** Documents that no registry can have yet. */
  readonly documents: readonly Document[];
}

/** Puts the payload on each environment. Several of them make an index, in their order. */
export function assemble(
  environments: readonly Environment[],
  layers: readonly PreparedLayer[],
  { runtime }: Pick<Recipe, "runtime">,
  { epoch, labels, annotations: asked }: Pick<Order, "epoch" | "labels" | "annotations">,
  key: Digest,
): AssembledImage {
  const annotations = { ...asked, [CONTENT_KEY]: key };
  const images = environments.map((environment) => ({
    platform: environment.platform,
    ...composeImage({ environment, layers, runtime, labels, annotations, epoch }),
  }));
  const [only] = images;
  const root = only !== undefined && images.length === 1 ? only.manifest : composeIndex(images, annotations);
  const documents = [...new Set([...images.flatMap(({ config, manifest }) => [config, manifest]), root])];
  return { root, documents, content: assembledContent(documents, layers, environments) };
}
