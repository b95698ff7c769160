/** What docker, buildx, nerdctl and buildctl share: BuildKit's exporters and their attributes. */
import { readAnnotation } from "../oci/annotation.ts";
import type { Compression, CompressionFormat } from "../oci/compression.ts";
import { distinctRepositories, printReference, printRepository, type Reference } from "../oci/reference.ts";
import { BASE_CHECK, type BaseCheck } from "../recipe/dockerfile/base-check.ts";
import {
  type DeliverySteps,
  type DialectTable,
  type Epoch,
  type Evidence,
  type Exporter,
  type Features,
  type FeatureTable,
  type Flags,
  noFlag,
  type Pairs,
  type Plan,
  type Render,
  type Unsupported,
  unsupported,
} from "./backend.ts";
import { includesDelivery, intermediateLayout } from "./deliveries.ts";

/** BuildKit's built-in Dockerfile frontend, 0.13 and later. Source: https://docs.docker.com/reference/dockerfile/ */
export const BUILDKIT_DIALECT: DialectTable = {
  bindMount: "read",
  cacheMount: "read",
  secretMount: "read",
  sshMount: "read",
  tmpfsMount: "read",
  stepNetwork: "read",
  hereDocument: "read",
  linkedCopy: "read",
  copyOwner: "read",
  copyMode: "read",
};

/** BuildKit's names. Source: https://github.com/moby/buildkit#imageregistry, attribute `compression`. */
const COMPRESSIONS: Readonly<Record<CompressionFormat, string>> = { gzip: "gzip", zstd: "zstd", none: "uncompressed" };

function compressionAttributes({ format, level }: Compression): Pairs {
  return {
    compression: COMPRESSIONS[format],
    ...(level === undefined ? {} : { "compression-level": String(level) }),
    // Layers of the base image stay unchanged: they need not be fetched only to be compressed again.
    "force-compression": "false",
  };
}

/** Each annotation is an attribute `annotation-LEVEL[PLATFORM].KEY`. Source: moby/buildkit, docs/annotations.md. */
function annotationAttributes(annotations: Pairs): Flags {
  const attributes = Object.entries(annotations).flatMap(([key, text]) =>
    readAnnotation(key).map(({ level, platform, name }) => [
      `annotation${level === undefined ? "" : `-${level}`}${platform === undefined ? "" : `[${platform}]`}.${name}`,
      text,
    ]),
  );
  return { attributes: Object.fromEntries(attributes) };
}

/** One CSV line; a field that contains a comma, a quote or a line break is quoted. */
export function quoteFields(fields: readonly string[]): string {
  return fields.map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(",");
}

/** Features that are attributes of BuildKit's exporters, the same for all its clients. */
export const attributeFeatures = {
  format: (format) => ({ attributes: { "oci-mediatypes": String(format === "oci"), "oci-artifact": "false" } }),
  compression: (compression) => ({ attributes: compressionAttributes(compression) }),
  annotations: annotationAttributes,
} satisfies Partial<FeatureTable>;

/** The build argument sets `created` and the history's times, the attribute clamps file times. Source: moby/buildkit, docs/build-repro.md. */
export function renderEpoch(flag: string, prefix = ""): Render<Epoch> {
  return ({ seconds, rewrite }) => ({
    flags: [flag, `${prefix}SOURCE_DATE_EPOCH=${seconds}`],
    attributes: rewrite ? { "rewrite-timestamp": "true" } : {},
  });
}

/** Makes a base image for another platform an error. BuildKit before 0.14 has no checks and ignores the argument. */
export function renderBaseCheck(flag: string, prefix = ""): Render<BaseCheck> {
  return (where) =>
    where === "by-argument"
      ? { flags: [flag, `${prefix}BUILDKIT_DOCKERFILE_CHECK=${BASE_CHECK}`] }
      : noFlag("the Dockerfile says so in its first line");
}

/**
 * The name is a prefix of the ids of all cache mounts, and part of the cache keys of the steps that use them: builds with
 * different names share neither the mounts nor the results of those steps. It does not appear in the image's configuration
 * or history.
 * Sources: moby/buildkit, frontend/dockerfile/dockerfile2llb/convert_runmount.go, solver/llbsolver/ops/exec.go
 */
export function renderCacheMounts(flag: string, prefix = ""): Render<string> {
  return (name) => ({ flags: [flag, `${prefix}BUILDKIT_CACHE_MOUNT_NS=${name}`] });
}

/**
 * Attributes that a docker archive cannot have: annotations and OCI options. `oci-mediatypes=false` stays: newer BuildKits
 * use OCI media types there by default, and without it BuildKit 0.33 reports the digest of another image.
 */
function isOciOnly(key: string, text: string): boolean {
  return key.startsWith("annotation") || (key.startsWith("oci-") && `${key}=${text}` !== "oci-mediatypes=false");
}

/** Adds the features' attributes to the exporter, except those that its format does not support. */
export function withAttributes(exporter: Exporter, attributes: Pairs): Exporter {
  const fitting = Object.entries(attributes).filter(
    ([key, text]) => exporter.type !== "docker" || !isOciOnly(key, text),
  );
  return { ...exporter, attributes: { ...exporter.attributes, ...Object.fromEntries(fitting) } };
}

/** All names of the image as BuildKit's exporters take them: normalised and joined by commas. */
export function joinNames(references: readonly Reference[]): string {
  return references.map(printReference).join(",");
}

/** Deliveries into files, the same for all clients of BuildKit. */
export const fileDeliveries = {
  layout: ({ path }: { readonly path: string }, plan: Plan): DeliverySteps => ({
    exporters: [{ type: "oci", attributes: { name: joinNames(plan.references), dest: path, tar: "false" } }],
    evidence: [{ kind: "layout", path }],
  }),
  "oci-archive": ({ path }: { readonly path: string }, plan: Plan): DeliverySteps => ({
    exporters: [{ type: "oci", attributes: { name: joinNames(plan.references), dest: path } }],
    evidence: [{ kind: "oci-archive", path }],
  }),
  "docker-archive": ({ path }: { readonly path: string }, plan: Plan): DeliverySteps | Unsupported =>
    dockerArchive(path, plan),
} as const;

/** Refuses attestations for deliveries that use a docker archive, which cannot hold them; loading does so too. */
export function refuseAttestations(plan: Plan, steps: DeliverySteps): DeliverySteps | Unsupported {
  return plan.features.attests === undefined
    ? steps
    : unsupported("a docker archive, which loading uses too, cannot hold attestations");
}

/** A docker archive at the path. Several platforms are refused here, because BuildKit would refuse them only after the build. */
export function dockerArchive(path: string, plan: Plan): DeliverySteps | Unsupported {
  if ((plan.features.platforms ?? []).length > 1) return unsupported("a docker archive holds one platform");
  return refuseAttestations(plan, {
    exporters: [{ type: "docker", attributes: { name: joinNames(plan.references), dest: path } }],
  });
}

/**
 * BuildKit pushes by digest itself. If the build also writes a docker archive, the only digest that BuildKit reports may be
 * the archive's, so the image is then pushed from a layout.
 * Source: https://github.com/moby/buildkit#imageregistry, attributes `push-by-digest` and `name-canonical`.
 */
export function pushByDigest(plan: Plan): DeliverySteps {
  if (includesDelivery(plan, "load") || includesDelivery(plan, "docker-archive")) return uploadByDigest(plan);
  const name = distinctRepositories(plan.references).map(printRepository).join(",");
  return {
    exporters: [
      { type: "image", attributes: { name, push: "true", "push-by-digest": "true", "name-canonical": "true" } },
    ],
  };
}

/** For builders that cannot push by digest: they write a layout, which this action's registry client copies. */
export function uploadByDigest(plan: Plan): DeliverySteps {
  const path = intermediateLayout(plan);
  const layout = includesDelivery(plan, "layout") ? {} : fileDeliveries.layout({ path }, plan);
  return {
    ...layout,
    steps: [{ kind: "upload-by-digest", layout: path, to: distinctRepositories(plan.references) }],
  };
}

/** The value of `--output`. */
export function printExporter({ type, attributes }: Exporter): string {
  return quoteFields([`type=${type}`, ...Object.entries(attributes).map(([key, text]) => `${key}=${text}`)]);
}

/**
 * With a docker archive among the exporters, the manifest digest that BuildKit reports may be the archive's, so only the config
 * digest is trusted.
 */
export function metadataEvidence(path: string, exporters: readonly Exporter[]): Evidence {
  return { kind: "metadata", path, trust: exporters.some(({ type }) => type === "docker") ? "config" : "root" };
}

/** Converts docker's form of `--add-host` values, `host:ip`, to BuildKit's, `host=ip`. */
export function hostPairs(addHosts: Features["addHosts"]): string {
  return addHosts.map((entry) => entry.replace(":", "=")).join(",");
}
