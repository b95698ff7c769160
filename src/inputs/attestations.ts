import type { AttestationType } from "../backends/backend.ts";
import { type AnnotationKey, readAnnotation } from "../oci/annotation.ts";
import { type Decoder, pairs } from "./decoder.ts";
import { splitList } from "./lists.ts";

type Pairs = Readonly<Record<string, string>>;

/** `true`, `false`, or attributes such as `mode=max`; undefined when there shall be none. */
export function attestation(example: string): Decoder<string | undefined> {
  return { example, decode: (raw) => readAttributes(raw.trim()) };
}

function readAttributes(text: string): string | undefined {
  if (/^(?:false|)$/i.test(text)) return undefined;
  if (/^true$/i.test(text)) return "";
  const wrong = text.split(",").filter((item) => !/^[\w-]+=./.test(item));
  if (wrong.length > 0) throw new Error(`"${wrong.join(",")}" is neither true, false nor key=value`);
  return text;
}

const TYPES: readonly AttestationType[] = ["provenance", "sbom"];

export type Attestations = Readonly<Partial<Record<AttestationType, string>>>;

/** `type=TYPE,ATTRIBUTES` a line. */
export function attestations(example: string): Decoder<Attestations> {
  return {
    example,
    decode(raw, readQuoted) {
      const found: Partial<Record<AttestationType, string>> = {};
      for (const line of splitList(raw, { commas: false }, readQuoted)) {
        const [first = "", ...others] = line.split(",");
        const type = TYPES.find((known) => first === `type=${known}`);
        if (type === undefined) throw new Error(`"${line}" does not begin with type=${TYPES.join(" or type=")}`);
        if (type in found) throw new Error(`type=${type} is given twice`);
        if (!others.includes("disabled=true")) found[type] = readAttributes(others.join(",")) ?? "";
      }
      return found;
    },
  };
}

/** `key=value` a line, the key with or without levels; every level becomes a key of its own, that of all manifests without one. */
export function annotations(example: string): Decoder<Pairs> {
  const plain = pairs(example);
  return {
    example,
    decode(raw, readQuoted) {
      const found = new Map<string, string>();
      for (const [given, text] of Object.entries(plain.decode(raw, readQuoted))) {
        for (const key of readAnnotation(given).map(printKey)) {
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
