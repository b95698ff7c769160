import { Failure } from "../errors.ts";
import type { Reference } from "../oci/reference.ts";

/** A layer that is to be pushed. */
export interface SizedLayer {
  /** Names it in messages: `model iris_tree:bhba7q`. */
  readonly title: string;
  /** Bytes of the blob. */
  readonly size: number;
}

interface Limit {
  readonly domain: RegExp;
  readonly registry: string;
  /** Bytes a layer. */
  readonly layerSize: number;
  /** The same, as the registry's documentation says it. */
  readonly words: string;
}

const MIB = 1024 * 1024;

/** Only what a registry's own documentation states; all others, Docker Hub among them, state none or set it per site. */
const LIMITS: readonly Limit[] = [
  {
    // https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry
    domain: /^ghcr\.io$/,
    registry: "GitHub's container registry",
    layerSize: 10_000_000_000,
    words: "10 GB",
  },
  {
    // https://docs.aws.amazon.com/AmazonECR/latest/public/public-service-quotas.html
    domain: /^public\.ecr\.aws$/,
    registry: "Amazon ECR Public",
    layerSize: 10_000 * MIB,
    words: "10,000 MiB",
  },
  {
    // https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
    domain: /^\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)$/,
    registry: "Amazon ECR",
    layerSize: 52_000 * MIB,
    words: "52,000 MiB",
  },
  {
    // https://learn.microsoft.com/azure/container-registry/container-registry-skus
    domain: /\.azurecr\.io$/,
    registry: "Azure Container Registry",
    layerSize: 200 * 1024 * MIB,
    words: "200 GiB",
  },
];

/** Docker's graph drivers hold no more, and ECR refuses more: https://github.com/moby/buildkit/issues/3067 */
const LAYER_COUNT = 127;

/**
 * Checks an image against what its registries are known to take, before anything is built or sent.
 * @param layerCount of the whole image, those of its base too.
 * @throws Failure `input`, code `LayerTooLarge`, a line for each layer and registry; code `TooManyLayers`.
 */
export function checkLimits(references: readonly Reference[], layers: readonly SizedLayer[], layerCount: number): void {
  const domains = new Set(references.map(({ domain }) => domain));
  const limits = LIMITS.filter(({ domain }) => [...domains].some((name) => domain.test(name)));
  const lines = limits.flatMap(({ registry, layerSize, words }) =>
    layers
      .filter(({ size }) => size > layerSize)
      .map(({ title, size }) => `${title}: ${size} bytes in one layer; ${registry} takes ${words} at most`),
  );
  const [first] = lines;
  if (first !== undefined) {
    const message = lines.length === 1 ? `A layer is too large: ${first}.` : "Layers are too large for the registry.";
    throw new Failure("input", message, {
      code: "LayerTooLarge",
      lines,
      hint: "Push to a registry that takes larger layers, or split the model, each part of which gets a layer of its own.",
    });
  }
  checkLayerCount(layerCount);
}

/**
 * @param layerCount of the whole image, those of its base too.
 * @throws Failure `input`, code `TooManyLayers`.
 */
export function checkLayerCount(layerCount: number): void {
  if (layerCount <= LAYER_COUNT) return;
  throw new Failure("input", `The image would have ${layerCount} layers; engines take ${LAYER_COUNT} at most.`, {
    code: "TooManyLayers",
    hint: "Use a base image with fewer layers, or put models that are used together into one.",
  });
}
