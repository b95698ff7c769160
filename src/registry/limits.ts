import { Failure } from "../errors.ts";
import type { Reference } from "../oci/reference.ts";

/** A layer that is to be pushed. */
export interface SizedLayer {
  /** Its name in messages: `model iris_tree:bhba7q`. */
  readonly title: string;
  /** Bytes of the blob. */
  readonly size: number;
}

interface Limit {
  readonly domain: RegExp;
  readonly registry: string;
  /** Bytes per layer. */
  readonly layerSize: number;
  /** The same limit, as the registry's documentation states it. */
  readonly printed: string;
}

const MIB = 1024 * 1024;

/** Only limits that registries document. Others, such as Docker Hub, state none or set it per installation. */
const LIMITS: readonly Limit[] = [
  {
    // https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry
    domain: /^ghcr\.io$/,
    registry: "GitHub's container registry",
    layerSize: 10_000_000_000,
    printed: "10 GB",
  },
  {
    // https://docs.aws.amazon.com/AmazonECR/latest/public/public-service-quotas.html
    domain: /^public\.ecr\.aws$/,
    registry: "Amazon ECR Public",
    layerSize: 10_000 * MIB,
    printed: "10,000 MiB",
  },
  {
    // https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
    domain: /^\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)$/,
    registry: "Amazon ECR",
    layerSize: 52_000 * MIB,
    printed: "52,000 MiB",
  },
  {
    // https://learn.microsoft.com/azure/container-registry/container-registry-skus
    domain: /\.azurecr\.io$/,
    registry: "Azure Container Registry",
    layerSize: 200 * 1024 * MIB,
    printed: "200 GiB",
  },
];

/** Docker's graph drivers support no more, and ECR rejects more: https://github.com/moby/buildkit/issues/3067 */
const LAYER_COUNT = 127;

/**
 * Checks an image against the documented limits of its registries, before anything is built or sent.
 * @param layerCount layers of the whole image, including its base.
 * @throws Failure `input`, code `LayerTooLarge`, a line for each layer and registry; code `TooManyLayers`.
 */
export function checkLimits(references: readonly Reference[], layers: readonly SizedLayer[], layerCount: number): void {
  const domains = new Set(references.map(({ domain }) => domain));
  const limits = LIMITS.filter(({ domain }) => [...domains].some((name) => domain.test(name)));
  const lines = limits.flatMap(({ registry, layerSize, printed }) =>
    layers
      .filter(({ size }) => size > layerSize)
      .map(({ title, size }) => `${title}: ${size} bytes in one layer; ${registry} accepts at most ${printed}`),
  );
  const [first] = lines;
  if (first !== undefined) {
    const message = lines.length === 1 ? `A layer is too large: ${first}.` : "Layers are too large for the registry.";
    throw new Failure("input", message, {
      code: "LayerTooLarge",
      lines,
      hint: "Push to a registry that accepts larger layers, or split the model: each part gets a layer of its own.",
    });
  }
  checkLayerCount(layerCount);
}

/**
 * @param layerCount layers of the whole image, including its base.
 * @throws Failure `input`, code `TooManyLayers`.
 */
export function checkLayerCount(layerCount: number): void {
  if (layerCount <= LAYER_COUNT) return;
  throw new Failure("input", `The image would have ${layerCount} layers; engines support at most ${LAYER_COUNT}.`, {
    code: "TooManyLayers",
    hint: "Use a base image with fewer layers, or combine models that are used together.",
  });
}
