import type { Environment } from "../cache/cached-environment.ts";
import { ENVIRONMENT_LABEL } from "../cache/names.ts";
import { keepLayers, withoutIdleLayers } from "../layers/distinct-layers.ts";
import { type Digest, digestOf } from "../oci/digest.ts";
import { printIndex } from "../oci/image-index.ts";
import type { Descriptor } from "../oci/manifest.ts";
import { OCI_CONFIG, OCI_INDEX, OCI_MANIFEST, ociType } from "../oci/media-types.ts";
import type { Platform } from "../oci/platform.ts";
import type { Runtime } from "../recipe/recipe.ts";
import type { Variable } from "../recipe/step.ts";
import type { JsonObject } from "../text/json.ts";
import { isJsonObject } from "../text/json.ts";

type Pairs = Readonly<Record<string, string>>;

/** A layer of the payload whose digests are known. Its blob may be in a registry already or still has to be uploaded. */
export interface DescribedLayer {
  readonly title: string;
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
}

export interface ImageParts {
  readonly environment: Environment;
  /** Bottom to top. */
  readonly layers: readonly DescribedLayer[];
  readonly runtime: Runtime;
  readonly labels: Pairs;
  readonly annotations: Pairs;
  /** Seconds since 1970. */
  readonly epoch: number;
}

/** A document of an image: its bytes and the descriptor that names them. */
export interface Document {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

export interface ComposedImage {
  readonly config: Document;
  readonly manifest: Document;
}

/**
 * Composes an image of the environment's layers with the payload on top. Fields of the environment's configuration that
 * this action does not set stay as they are (https://github.com/opencontainers/image-spec/blob/main/config.md). Docker
 * media types are replaced by OCI's, since engines refuse a mixture; the blobs stay the same bytes. Layers of the
 * environment that change nothing are left out.
 */
export function composeImage(parts: ImageParts): ComposedImage {
  const { environment, layers, annotations } = parts;
  const config = document(OCI_CONFIG, composeConfig(parts));
  const below = keepLayers(environment.layers, environment.config).map(({ mediaType, digest, size }) => ({
    mediaType: ociType(mediaType),
    digest,
    size,
  }));
  const payload = layers.map(({ descriptor }) => descriptorJson(descriptor));
  const manifest = document(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: descriptorJson(config.descriptor),
    layers: [...below, ...payload],
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  });
  return { config, manifest };
}

/** A descriptor with its fields in the order of the specification. */
export function descriptorJson({ mediaType, digest, size, annotations }: Descriptor): object {
  return { mediaType, digest, size, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) };
}

export function document(mediaType: string, value: object): Document {
  return documentOf(mediaType, new TextEncoder().encode(JSON.stringify(value)));
}

function documentOf(mediaType: string, bytes: Uint8Array): Document {
  return { bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length, annotations: {} } };
}

function composeConfig({ environment, layers, runtime, labels, epoch }: ImageParts): JsonObject {
  const base = withoutIdleLayers(environment.config);
  const created = new Date(epoch * 1000).toISOString().replace(".000Z", "Z");
  const history = layers.map(({ title }) => ({ created, created_by: `bento-image: ${title}` }));
  const rootfs = objectOf(base["rootfs"]);
  return {
    ...base,
    created,
    config: composeRuntime(objectOf(base["config"]), runtime, labels),
    rootfs: {
      ...rootfs,
      type: "layers",
      diff_ids: [...listOf(rootfs["diff_ids"]), ...layers.map(({ diffId }) => diffId)],
    },
    history: [...listOf(base["history"]), ...history],
  };
}

/** The runtime part of the Dockerfile as the `config` object of an image configuration. */
function composeRuntime(base: JsonObject, runtime: Runtime, labels: Pairs): JsonObject {
  const { [ENVIRONMENT_LABEL]: _key, ...own } = objectOf(base["Labels"]);
  const all = { ...own, ...labels };
  const ports = Object.fromEntries(runtime.exposedPorts.map((port) => [`${port}/tcp`, {}]));
  // The default arguments of the base belong to its own entry point, so they are dropped, as BuildKit and Buildah do.
  const { Cmd: _arguments, Labels: _labels, ...rest } = base;
  return {
    ...rest,
    User: runtime.user,
    ExposedPorts: { ...objectOf(base["ExposedPorts"]), ...ports },
    Env: withVariables(listOf(base["Env"]), runtime.variables),
    Entrypoint: runtime.entrypoint,
    WorkingDir: runtime.workdir,
    ...(Object.keys(all).length === 0 ? {} : { Labels: all }),
  };
}

/** Replaces existing variables in place and appends new ones, as BuildKit does. */
function withVariables(env: readonly unknown[], variables: readonly Variable[]): readonly unknown[] {
  const values = new Map(variables.map(({ name, value }) => [name, `${name}=${value}`]));
  const nameOf = (line: unknown): string => String(line).split("=")[0] ?? "";
  const replaced = env.map((line) => values.get(nameOf(line)) ?? line);
  const existing = new Set(env.map(nameOf));
  return [...replaced, ...[...values].filter(([name]) => !existing.has(name)).map(([, line]) => line)];
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An index of the images, in the given order. */
export function composeIndex(
  members: readonly { readonly platform: Platform; readonly manifest: Document }[],
  annotations: Pairs,
): Document {
  const descriptors = members.map(({ platform, manifest: { descriptor } }) => ({ ...descriptor, platform }));
  return documentOf(OCI_INDEX, printIndex(descriptors, annotations));
}
