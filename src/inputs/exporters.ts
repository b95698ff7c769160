/**
 * Docker's exporters, as in `--output type=registry,name=ghcr.io/acme/iris:1`.
 * @see https://docs.docker.com/build/exporters/
 * @see https://github.com/docker/buildx/blob/master/util/buildflags/export.go (UnmarshalText)
 * @see https://github.com/docker/buildx/blob/master/build/opt.go (CreateExports)
 */
import type { Reference } from "../oci/reference.ts";
import { ownValue } from "../values.ts";
import { parseTag } from "./decoder.ts";

export type OutputKind = "layout" | "oci-archive" | "docker-archive";

/** Files to write the image to. */
export interface Output {
  readonly kind: OutputKind;
  /** As the user gave it; relative to the workspace. */
  readonly path: string;
}

/** What an exporter asks for. */
export type Exporter =
  | { readonly kind: "file"; readonly output: Output }
  /** Into the backend's local store. */
  | { readonly kind: "load" }
  /** To a registry if `push` is true, into the backend's local store if it is false; the input `push` decides if it is undefined. */
  | { readonly kind: "image"; readonly push: boolean | undefined; readonly byDigest: boolean };

/** What one element of the input asks for. */
export interface OutputElement {
  /** As the user wrote it, for messages. */
  readonly text: string;
  readonly exporter: Exporter;
  /** The image names that it gives itself; empty when it gives none. */
  readonly names: readonly Reference[];
}

/** Matches the fields by which a line is one of docker's exporters, misspelt ones too: `typ=registry` must not be a path. */
export const EXPORTER_ATTRIBUTE = /^\s*[a-z][\w.-]*\s*=/i;

/** The attributes of one line; a flag is undefined if it is not given. */
interface Attributes {
  readonly path: string | undefined;
  flag(name: string): boolean | undefined;
}

interface ExporterType {
  /** The attributes that are read. All others are refused. */
  readonly attributes: readonly string[];
  /** @throws Error whose message follows the line. */
  read(given: Attributes): Exporter;
}

const IMAGE = ["name", "push", "push-by-digest", "name-canonical"];
const FILE = ["name", "dest", "tar"];

const TYPES: Readonly<Record<string, ExporterType>> = {
  registry: {
    attributes: IMAGE,
    read({ flag }) {
      if (flag("push") === false)
        throw new Error("type=registry pushes whatever push= says; use type=image,push=false");
      return { kind: "image", push: true, byDigest: flag("push-by-digest") === true };
    },
  },
  image: {
    attributes: IMAGE,
    read: ({ flag }) => ({ kind: "image", push: flag("push"), byDigest: flag("push-by-digest") === true }),
  },
  oci: {
    attributes: FILE,
    read: ({ path, flag }) => writeTo(path, flag("tar") === false ? "layout" : "oci-archive"),
  },
  docker: {
    attributes: FILE,
    read({ path, flag }) {
      if (flag("tar") === false) throw new Error("only OCI layouts are directories; use type=oci,tar=false");
      return path === undefined ? { kind: "load" } : writeTo(path, "docker-archive");
    },
  },
};

function writeTo(path: string | undefined, kind: OutputKind): Exporter {
  if (path !== undefined && path !== "" && path !== "-") return { kind: "file", output: { kind, path } };
  throw new Error("dest=PATH is required, because the standard output is the log of the step");
}

const NOT_HERE: Readonly<Record<string, string>> = {
  local: "this action writes images, not their files; `oci:DIRECTORY` writes an OCI layout",
  tar: "this action writes images, not their files; `oci-archive:FILE` writes an OCI archive",
  cacheonly: "every build delivers an image; to export the cache as well, use the input cache-to",
};

/** @param fields of one line, as CSV. @throws Error whose message follows the line. */
export function readExporter(fields: readonly string[]): Omit<OutputElement, "text"> {
  const given = readFields(fields);
  const type = given.get("type");
  if (type === undefined) throw new Error('docker\'s "type=" is missing; a path with "=" is written as "./PATH"');
  const reason = ownValue(NOT_HERE, type);
  if (reason !== undefined) throw new Error(`type=${type} is not available: ${reason}`);
  const found = ownValue(TYPES, type);
  if (found === undefined) throw new Error(`type=${type} is none of ${Object.keys(TYPES).join(", ")}`);
  const problems = [...given].flatMap(([name, value]) =>
    ["type", ...found.attributes].includes(name) ? [] : [refusal(name, value, found)],
  );
  if (problems.length > 0) throw new Error(problems.join("; "));
  const flag = (name: string) => readFlag(name, given.get(name));
  // It has no effect: it names the image by digest in containerd's store, beside its other names.
  flag("name-canonical");
  return { exporter: found.read({ path: given.get("dest"), flag }), names: namesOf(given.get("name")) };
}

/** Docker takes the last one of several equal attributes; here they are a mistake. */
function readFields(fields: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const field of fields) {
    const at = field.indexOf("=");
    if (at < 0) throw new Error(`"${field.trim()}" is not key=value`);
    const name = field.slice(0, at).trim().toLowerCase();
    if (found.has(name)) throw new Error(`${name}= is given twice`);
    found.set(name, field.slice(at + 1).trim());
  }
  return found;
}

const TRUE = ["1", "t", "T", "TRUE", "true", "True"];
const FALSE = ["0", "f", "F", "FALSE", "false", "False"];

/** A boolean as Go's `strconv.ParseBool` takes it, by which docker and BuildKit read attributes. */
function readFlag(name: string, value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (TRUE.includes(value)) return true;
  if (FALSE.includes(value)) return false;
  throw new Error(`${name}=${value} is neither true nor false`);
}

function namesOf(names: string | undefined): OutputElement["names"] {
  return (names ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .map(parseTag);
}

/** What to use instead of an attribute that is not read. */
function refusal(name: string, value: string, { attributes }: ExporterType): string {
  const [, level = "manifest", key] = /^annotation(?:-([a-z-]+(?:\[[\w/-]+\])?))?\.(.+)$/.exec(name) ?? [];
  if (key !== undefined) {
    const annotation = level === "manifest" ? key : `${level}:${key}`;
    return `${name}= is given as \`annotations: ${annotation}=${value}\``;
  }
  const instead = ownValue(INSTEAD, name);
  if (instead !== undefined) return `${name}= is not read here; ${instead(value)}`;
  return `${name}= is none of ${["type", ...attributes].join(", ")}`;
}

const TIMES = (): string => "use the input source-date-epoch, to which file times are clamped";
const COMPRESSION = (): string => "use the input compression, such as `compression: zstd:3`";

const INSTEAD: Readonly<Record<string, (value: string) => string>> = {
  compression: COMPRESSION,
  "compression-level": COMPRESSION,
  "force-compression": COMPRESSION,
  "oci-mediatypes": (value) => `use \`format: ${FALSE.includes(value) ? "docker" : "oci"}\``,
  "rewrite-timestamp": TIMES,
  "source-date-epoch": TIMES,
  "registry.insecure": () => "name the registry in the input insecure-registries",
  context: () => "choose docker's context by the variable DOCKER_CONTEXT",
  push: () => "use type=registry, or `push: true`",
  dest: () => "use type=oci or type=docker to write a file",
};
