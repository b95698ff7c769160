/** What docker, buildx, nerdctl and buildctl share: BuildKit's exporters and their attributes. */
import { readAnnotation } from "../oci/annotation.ts";
import type { Compression, CompressionFormat } from "../oci/compression.ts";
import { distinctRepositories, printReference, printRepository, type Reference } from "../oci/reference.ts";
import {
  type DeliverySteps,
  type DialectTable,
  type Epoch,
  type Evidence,
  type Exporter,
  type Features,
  type FeatureTable,
  type Flags,
  type Pairs,
  type Plan,
  type Render,
  type Unsupported,
  unsupported,
} from "./backend.ts";
import { passingLayout, wants } from "./deliveries.ts";

/** Its built-in front end, 0.13 and later. Source: https://docs.docker.com/reference/dockerfile/ */
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
    // Layers of the base image stay the bytes they are: nothing is fetched only to be compressed again.
    "force-compression": "false",
  };
}

/** Each as an attribute `annotation-LEVEL[PLATFORM].KEY`. Source: moby/buildkit, docs/annotations.md. */
function annotationAttributes(annotations: Pairs): Flags {
  const attributes = Object.entries(annotations).flatMap(([key, text]) =>
    readAnnotation(key).map(({ level, platform, name }) => [
      `annotation${level === undefined ? "" : `-${level}`}${platform === undefined ? "" : `[${platform}]`}.${name}`,
      text,
    ]),
  );
  return { attributes: Object.fromEntries(attributes) };
}

/** CSV in which a field with a comma or quote is quoted as a whole. */
export function quoteFields(fields: readonly string[]): string {
  return fields.map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(",");
}

/** Features that BuildKit takes as attributes of its exporters, the same on all its front ends. */
export const attributeFeatures = {
  format: (format) => ({ attributes: { "oci-mediatypes": String(format === "oci"), "oci-artifact": "false" } }),
  compression: (compression) => ({ attributes: compressionAttributes(compression) }),
  annotations: annotationAttributes,
} satisfies Partial<FeatureTable>;

/** Times: the build argument sets `created` and history, the attribute clamps file times. Source: moby/buildkit, docs/build-repro.md. */
export function epochBy(flag: string, prefix = ""): Render<Epoch> {
  return ({ seconds, rewrite }) => ({
    flags: [flag, `${prefix}SOURCE_DATE_EPOCH=${seconds}`],
    attributes: rewrite ? { "rewrite-timestamp": "true" } : {},
  });
}

/**
 * Checks of BuildKit's front end that are style, or that cannot know better; all but InvalidBaseImagePlatform.
 * Source: https://docs.docker.com/reference/build-checks/
 */
const STYLE_CHECKS = [
  "ConsistentInstructionCasing",
  "CopyIgnoredFile",
  "DuplicateStageName",
  "ExposeInvalidFormat",
  "ExposeProtoCasing",
  "FromAsCasing",
  "FromPlatformFlagConstDisallowed",
  "InvalidDefaultArgInFrom",
  "InvalidDefinitionDescription",
  "JSONArgsRecommended",
  "LegacyKeyValueFormat",
  "MaintainerDeprecated",
  "MultipleInstructionsDisallowed",
  "NoEmptyContinuation",
  "RedundantTargetPlatform",
  "ReservedStageName",
  "SecretsUsedInArgOrEnv",
  "StageNameCasing",
  "UndefinedArgInFrom",
  "UndefinedVar",
  "WorkdirRelativePath",
];

/** BuildKit before 0.14 knows no checks and takes the argument as any other. */
export function strictBaseBy(flag: string, prefix = ""): Render<true> {
  return () => ({ flags: [flag, `${prefix}BUILDKIT_DOCKERFILE_CHECK=skip=${STYLE_CHECKS.join(",")};error=true`] });
}

/**
 * It stands before the ids of all cache mounts and in the keys of the steps that have any, so that a result of a step is
 * not shared either where what it used is not. It is in no configuration and no history of the image.
 * Sources: moby/buildkit, frontend/dockerfile/dockerfile2llb/convert_runmount.go, solver/llbsolver/ops/exec.go
 */
export function cacheMountsBy(flag: string, prefix = ""): Render<string> {
  return (name) => ({ flags: [flag, `${prefix}BUILDKIT_CACHE_MOUNT_NS=${name}`] });
}

/**
 * Attributes that the docker archive has no place for: annotations, and OCI's media types, which newer BuildKits give it
 * by themselves. That it shall have docker's is told to it: BuildKit 0.33 else tells the digest of another image.
 */
function isForOci(key: string, text: string): boolean {
  return key.startsWith("annotation") || (key.startsWith("oci-") && `${key}=${text}` !== "oci-mediatypes=false");
}

/** The exporter with the features' attributes added where its format has them. */
export function withAttributes(exporter: Exporter, attributes: Pairs): Exporter {
  const fitting = Object.entries(attributes).filter(
    ([key, text]) => exporter.type !== "docker" || !isForOci(key, text),
  );
  return { ...exporter, attributes: { ...exporter.attributes, ...Object.fromEntries(fitting) } };
}

/** All names of the image as BuildKit's exporters take them: normalised, comma-joined. */
export function joinNames(references: readonly Reference[]): string {
  return references.map(printReference).join(",");
}

/** Deliveries into files, the same on every BuildKit front end. */
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
    archiveAt(path, plan),
} as const;

/** Loading passes through docker's archive, which has no place for attestations. */
export function withoutAttestations(plan: Plan, way: DeliverySteps): DeliverySteps | Unsupported {
  return plan.features.attests === undefined ? way : unsupported("attestations get lost on the way to a local store");
}

/** A docker archive; BuildKit refuses to put an index into it, and would say so only after the build. */
export function archiveAt(path: string, plan: Plan): DeliverySteps | Unsupported {
  if ((plan.features.platforms ?? []).length > 1) return unsupported("a docker archive holds one platform");
  return withoutAttestations(plan, {
    exporters: [{ type: "docker", attributes: { name: joinNames(plan.references), dest: path } }],
  });
}

/**
 * BuildKit pushes by digest itself. A docker archive beside it would take its place in the one digest that BuildKit
 * tells, so the image then goes through a layout.
 * Source: https://github.com/moby/buildkit#imageregistry, attributes `push-by-digest` and `name-canonical`.
 */
export function pushByDigest(plan: Plan): DeliverySteps {
  if (wants(plan, "load") || wants(plan, "docker-archive")) return uploadByDigest(plan);
  const name = distinctRepositories(plan.references).map(printRepository).join(",");
  return {
    exporters: [
      { type: "image", attributes: { name, push: "true", "push-by-digest": "true", "name-canonical": "true" } },
    ],
  };
}

/** For builders that cannot: they write a layout, whose bytes our own registry client copies. */
export function uploadByDigest(plan: Plan): DeliverySteps {
  const path = passingLayout(plan);
  const layout = wants(plan, "layout") ? {} : fileDeliveries.layout({ path }, plan);
  return {
    ...layout,
    steps: [{ kind: "upload-by-digest", layout: path, to: distinctRepositories(plan.references) }],
  };
}

/** The value of `--output`. */
export function printExporter({ type, attributes }: Exporter): string {
  return quoteFields([`type=${type}`, ...Object.entries(attributes).map(([key, text]) => `${key}=${text}`)]);
}

/** With a docker archive among the exporters, BuildKit's one digest may be that archive's; then only the config's counts. */
export function metadataEvidence(path: string, exporters: readonly Exporter[]): Evidence {
  return { kind: "metadata", path, trust: exporters.some(({ type }) => type === "docker") ? "config" : "root" };
}

/** Docker's rule for the shape of `--add-host` values is `host:ip`; BuildKit's own option wants `host=ip`. */
export function hostPairs(addHosts: Features["addHosts"]): string {
  return addHosts.map((entry) => entry.replace(":", "=")).join(",");
}
