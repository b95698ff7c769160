/** BentoML's tag grammar: https://github.com/bentoml/BentoML/blob/v1.4.38/src/bentoml/_internal/tag.py */
import { Failure } from "../errors.ts";
import type { Tag } from "./bento.ts";

const MAX_LENGTH = 63;
const PART = /^[a-z0-9](?:[-._a-z0-9]*[a-z0-9])?$/;

/** A tag as written by a user. The version may be missing, `latest`, or a prefix. */
export interface TagReference {
  readonly name: string;
  readonly version?: string;
}

export interface ParsedTag<T> {
  readonly tag: T;
  /** Whether the text had upper case letters. BentoML changes them to lower case. */
  readonly lowered: boolean;
}

/**
 * The problem of a tag's name or version, as the end of a sentence; undefined if it is valid.
 * Expects lower case.
 */
export function faultOfTagPart(part: string): string | undefined {
  if (part === "") return "is empty";
  if (part.length > MAX_LENGTH) return `has ${part.length} characters, at most ${MAX_LENGTH} are allowed`;
  if (!PART.test(part)) return "must be letters, digits, '-', '_' and '.', with a letter or digit at both ends";
  return undefined;
}

/**
 * Parses a user's reference to a Bento of the store: `name`, `name:version`, `name:latest`.
 * @throws {Failure} input/TagInvalid.
 */
export function parseTagReference(text: string): ParsedTag<TagReference> {
  const lower = text.toLowerCase();
  const colon = lower.indexOf(":");
  const name = colon === -1 ? lower : lower.slice(0, colon);
  const version = colon === -1 ? undefined : lower.slice(colon + 1);
  const faults = [describe("name", name), ...(version === undefined ? [] : [describe("version", version)])].filter(
    (fault) => fault !== undefined,
  );
  if (faults.length > 0) {
    throw new Failure("input", `"${text}" is not a Bento tag: ${faults.join("; ")}`, {
      code: "TagInvalid",
      hint: version === "" ? `For the newest version, use "${name}:latest".` : "A tag is `name` or `name:version`.",
    });
  }
  return { tag: version === undefined ? { name } : { name, version }, lowered: lower !== text };
}

/**
 * Parses a complete tag of a manifest, `name:version`.
 * @returns undefined if the text is not a tag.
 */
export function parseTag(text: string): Tag | undefined {
  const [name = "", ...rest] = text.toLowerCase().split(":");
  const version = rest.join(":");
  return faultOfTagPart(name) === undefined && faultOfTagPart(version) === undefined ? { name, version } : undefined;
}

function describe(half: "name" | "version", part: string): string | undefined {
  const fault = faultOfTagPart(part);
  return fault === undefined ? undefined : `the ${half} "${part}" ${fault}`;
}
