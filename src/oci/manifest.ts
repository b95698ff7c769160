import { Failure } from "../errors.ts";
import { isJsonObject, type JsonObject } from "../text/json.ts";
import { type Digest, isDigest } from "./digest.ts";
import { isIndexType, isManifestType, OCI_INDEX, OCI_MANIFEST } from "./media-types.ts";
import type { Platform } from "./platform.ts";

/**
 * Identifies content by media type, digest and size in bytes.
 * @see https://github.com/opencontainers/image-spec/blob/main/descriptor.md
 */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  /** As given, not in normal form. */
  readonly platform?: Platform;
  readonly annotations: Readonly<Record<string, string>>;
}

export type Manifest =
  | {
      readonly kind: "manifest";
      readonly mediaType: string;
      readonly config: Descriptor;
      readonly layers: readonly Descriptor[];
      readonly annotations: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "index";
      readonly mediaType: string;
      readonly members: readonly Descriptor[];
      readonly annotations: Readonly<Record<string, string>>;
    };

/**
 * Parses an image manifest or index, OCI's or Docker's version 2.
 * @param mediaType the type that the registry or the descriptor gives; without one, the type in the content is used.
 * @param where the name of the content in messages.
 * @throws Failure `network`, code `ManifestInvalid`.
 */
export function parseManifest(bytes: Uint8Array, mediaType: string | undefined, where: string): Manifest {
  const json = parseJsonObject(bytes, where);
  const type = typeOf(json, mediaType);
  if (isIndexType(type)) {
    const members = parseDescriptors(json["manifests"], where);
    return { kind: "index", mediaType: type, members, annotations: annotationsOf(json["annotations"]) };
  }
  if (isManifestType(type)) {
    return {
      kind: "manifest",
      mediaType: type,
      config: parseDescriptor(json["config"], where),
      layers: parseDescriptors(json["layers"], where),
      annotations: annotationsOf(json["annotations"]),
    };
  }
  throw invalid(where, `is of type ${JSON.stringify(type)}, which is not an image`);
}

/** Parses a JSON object. @throws Failure `network`, code `ManifestInvalid`. */
export function parseJsonObject(bytes: Uint8Array, where: string): JsonObject {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (isJsonObject(json)) return json;
  } catch (cause) {
    throw invalid(where, "is not JSON", cause);
  }
  throw invalid(where, "is not a JSON object");
}

/** The type of a manifest. `mediaType` is optional in OCI manifests; without it, the fields determine the type. */
function typeOf(json: JsonObject, given: string | undefined): string {
  if (given !== undefined && (isIndexType(given) || isManifestType(given))) return given;
  if (typeof json["mediaType"] === "string") return json["mediaType"];
  if (Array.isArray(json["manifests"])) return OCI_INDEX;
  return Array.isArray(json["layers"]) ? OCI_MANIFEST : (given ?? "");
}

/** @throws Failure `network`, code `ManifestInvalid`. */
export function parseDescriptors(value: unknown, where: string): readonly Descriptor[] {
  if (!Array.isArray(value)) throw invalid(where, "has no list of descriptors");
  return value.map((item: unknown) => parseDescriptor(item, where));
}

function parseDescriptor(value: unknown, where: string): Descriptor {
  if (!isJsonObject(value)) throw invalid(where, "has a descriptor that is not an object");
  const { mediaType, digest, size } = value;
  if (typeof mediaType !== "string") throw invalid(where, "has a descriptor without a media type");
  if (typeof digest !== "string" || !isDigest(digest)) {
    throw invalid(where, `has a descriptor with the invalid digest ${JSON.stringify(digest)}`);
  }
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    throw invalid(where, `has a descriptor with the invalid size ${JSON.stringify(size)}`);
  }
  const platform = platformOf(value["platform"]);
  return {
    mediaType,
    digest,
    size,
    ...(platform === undefined ? {} : { platform }),
    annotations: annotationsOf(value["annotations"]),
  };
}

/** The platform in a descriptor or an image config; `undefined` when there is none. */
export function platformOf(value: unknown): Platform | undefined {
  if (!isJsonObject(value)) return undefined;
  const { os, architecture, variant } = value;
  if (typeof os !== "string" || typeof architecture !== "string" || os === "" || architecture === "") return undefined;
  return { os, architecture, ...(typeof variant === "string" && variant !== "" ? { variant } : {}) };
}

function annotationsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function invalid(where: string, reason: string, cause?: unknown): Failure {
  return new Failure("network", `${where} ${reason}.`, { code: "ManifestInvalid", cause });
}
