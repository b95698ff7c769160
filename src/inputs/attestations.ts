import type { AttestationType } from "../backends/backend.ts";
import { type AnnotationKey, readAnnotation } from "../oci/annotation.ts";
import { type Decoder, pairs } from "./decoder.ts";
import { splitList } from "./lists.ts";

type Pairs = Readonly<Record<string, string>>;

/** `true`, `false`, or attributes such as `mode=max`; undefined when no attestation is wanted. */
export function attestation(example: string): Decoder<string | undefined> {
  return { example, decode: (raw) => readAttributes(raw.trim()) };
}

function readAttributes(text: string): string | undefined {
  if (/^(?:false|)$/i.test(text)) return undefined;
  if (/^true$/i.test(text)) return "";
  const invalid = text.split(",").filter((item) => !/^[\w-]+=./.test(item));
  if (invalid.length > 0) throw new Error(`"${invalid.join(",")}" is neither true, false nor key=value`);
  return text;
}

const TYPES: readonly AttestationType[] = ["provenance", "sbom"];

export type Attestations = Readonly<Partial<Record<AttestationType, string>>>;

/** One `type=TYPE,ATTRIBUTES` per line. */
export function attestations(example: string): Decoder<Attestations> {
  return {
    example,
    kind: "list",
    decode(raw, readQuoted) {
      const found: Partial<Record<AttestationType, string>> = {};
      for (const line of splitList(raw, { commas: false }, readQuoted)) {
        const [first = "", ...others] = line.split(",");
        const type = TYPES.find((name) => first === `type=${name}`);
        if (type === undefined) throw new Error(`"${line}" does not begin with type=${TYPES.join(" or type=")}`);
        if (type in found) throw new Error(`type=${type} is given twice`);
        if (!others.includes("disabled=true")) found[type] = readAttributes(others.join(",")) ?? "";
      }
      return found;
    },
  };
}

/**
 * One `key=value` per line; levels may precede the key (`index,manifest[linux/amd64]:key`). Each level becomes a key of its
 * own; a key without levels is for all manifests.
 */
export function annotations(example: string): Decoder<Pairs> {
  return annotationsBy(example, printKey);
}

/** Annotations of an index: one `key=value` per line, with the level `index:` or none. */
export function indexAnnotations(example: string): Decoder<Pairs> {
  return annotationsBy(example, (key) => {
    if ((key.level ?? "index") === "index" && key.platform === undefined) return key.name;
    throw new Error(
      `"${key.level}:${key.name}" is not for the index; with docker/metadata-action, set DOCKER_METADATA_ANNOTATIONS_LEVELS: index`,
    );
  });
}

function annotationsBy(example: string, print: (key: AnnotationKey) => string): Decoder<Pairs> {
  const plain = pairs(example);
  return {
    example,
    kind: "list",
    decode(raw, readQuoted) {
      const found = new Map<string, string>();
      for (const [levelsAndName, text] of Object.entries(plain.decode(raw, readQuoted))) {
        for (const key of readAnnotation(levelsAndName).map(print)) {
          if (found.has(key)) throw new Error(`"${key}" is given twice`);
          found.set(key, text);
        }
      }
      return Object.fromEntries(found);
    },
  };
}

function printKey({ level = "manifest", platform, name }: AnnotationKey): string {
  const where = platform === undefined ? level : `${level}[${platform}]`;
  return where === "manifest" ? name : `${where}:${name}`;
}
