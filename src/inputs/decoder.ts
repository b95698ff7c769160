import { Failure } from "../errors.ts";
import type { Compression, CompressionFormat } from "../oci/compression.ts";
import { type Platform, parsePlatform } from "../oci/platform.ts";
import { parseReference, printReference, type Reference, type Repository } from "../oci/reference.ts";
import { Secret } from "../secrets/secret.ts";
import { parseBytes } from "../text/byte-size.ts";
import { definedOnly } from "../values.ts";
import { type QuotedReader, splitLines, splitList } from "./lists.ts";

/** What a value is, for callers that do not give inputs as text: a command line has flags. */
export type InputKind =
  | "text"
  | "toggle"
  /** Its items are lines. */
  | "list"
  /** A text of several lines, such as a certificate. */
  | "document"
  | "secret";

/** How one input is read. An unset input arrives as the empty string. */
export interface Decoder<T> {
  /** @throws Error whose message completes "input `x`: …". */
  decode(raw: string, readQuoted: QuotedReader): T;
  /** A valid value, shown with every mistake. */
  readonly example: string;
  /** Default: `text`. */
  readonly kind?: InputKind;
}

function decoder<T>(example: string, decode: Decoder<T>["decode"]): Decoder<T> {
  return { example, decode };
}

function list<T>(example: string, decode: Decoder<T>["decode"]): Decoder<T> {
  return { example, kind: "list", decode };
}

function secret<T>(example: string, decode: Decoder<T>["decode"]): Decoder<T> {
  return { example, kind: "secret", decode };
}

/** The same input as a value of another kind. */
export function ofKind<T>(kind: InputKind, { example, decode }: Decoder<T>): Decoder<T> {
  return { example, kind, decode };
}

export function text(example: string): Decoder<string | undefined> {
  return decoder(example, (raw) => raw.trim() || undefined);
}

/** An input whose parser lives with the code that uses its values. */
export function parsed<T>(example: string, parse: (raw: string) => T): Decoder<T> {
  return decoder(example, parse);
}

export function required(example: string): Decoder<string> {
  return decoder(example, (raw) => {
    if (raw.trim() === "") throw new Error("it is required");
    return raw.trim();
  });
}

const TRUE = /^(true|True|TRUE)$/;
const FALSE = /^(false|False|FALSE)$/;

/** Whether `toggle` reads the text as false. */
export function isFalse(raw: string): boolean {
  return FALSE.test(raw.trim());
}

/** The YAML 1.2 booleans that the runner's own `getBooleanInput` takes; `undefined` when the input is unset. */
export function toggle(): Decoder<boolean | undefined> {
  return ofKind("toggle", decoder("true", readToggle));
}

function readToggle(raw: string): boolean | undefined {
  const word = raw.trim();
  if (word === "") return undefined;
  if (TRUE.test(word)) return true;
  if (isFalse(word)) return false;
  throw new Error(`"${word}" is neither true nor false`);
}

/** One word of a fixed set; `undefined` when the input is unset. */
export function oneOf<const W extends string>(...choices: readonly W[]): Decoder<W | undefined> {
  return decoder(choices[0] ?? "", (raw) => {
    const word = raw.trim();
    if (word === "") return undefined;
    const found = choices.find((one) => one === word);
    if (found === undefined) throw new Error(`"${word}" is none of ${choices.join(", ")}`);
    return found;
  });
}

/** A list separated by newlines and commas. */
export function items(example: string): Decoder<readonly string[]> {
  return list(example, (raw, readQuoted) => splitList(raw, { commas: true }, readQuoted));
}

/** A list of words of a fixed set. */
export function someOf(example: string, choices: readonly string[]): Decoder<readonly string[]> {
  return each(example, (item) => {
    if (choices.includes(item)) return item;
    throw new Error(`"${item}" is none of ${choices.join(", ")}`);
  });
}

/** A list separated by newlines alone: its items may contain commas. */
export function lines(example: string): Decoder<readonly string[]> {
  return list(example, (raw, readQuoted) => splitList(raw, { commas: false }, readQuoted));
}

/** One argv item per line, taken literally. */
export function argv(example: string): Decoder<readonly string[]> {
  return list(example, splitLines);
}

/** One `key=value` per line, split at the first `=`; a key given twice is a mistake. */
export function pairs(example: string): Decoder<Readonly<Record<string, string>>> {
  return list(example, (raw, readQuoted) => definedOnly(readPairs(raw, readQuoted)));
}

/** @param loneKey matches lines that are keys without a value; default: none may be. */
function readPairs(
  raw: string,
  readQuoted: QuotedReader,
  loneKey?: RegExp,
): Readonly<Record<string, string | undefined>> {
  const problems: string[] = [];
  const found = new Map<string, string | undefined>();
  for (const line of splitList(raw, { commas: false }, readQuoted)) {
    const at = line.indexOf("=");
    const isLone = loneKey?.test(line) === true;
    const key = at < 0 ? line : line.slice(0, at).trim();
    if (!isLone && (at < 1 || key === "")) problems.push(`"${line}" is not key=value`);
    else if (found.has(key)) problems.push(`"${key}" is given twice`);
    else found.set(key, isLone ? undefined : line.slice(at + 1));
  }
  refuse(problems);
  return Object.fromEntries(found);
}

/** Build arguments: one `NAME=value` per line; `NAME` alone has no value of its own. */
export function buildArguments(example: string): Decoder<Readonly<Record<string, string | undefined>>> {
  return list(example, (raw, readQuoted) => readPairs(raw, readQuoted, BUILD_ARGUMENT));
}

/** A line that docker takes for a build argument without a value. */
const BUILD_ARGUMENT = /^[A-Za-z_]\w*$/;

/** A value that never appears in a message. */
export function secretText(example: string): Decoder<Secret | undefined> {
  return secret(example, (raw) => (raw.trim() === "" ? undefined : new Secret(raw.trim())));
}

/** Characters: 16 random bytes in hexadecimal digits. A shorter key could be found by trial and error. */
const SHORTEST_KEY = 32;

/** A signing key; it never appears in a message. */
export function secretKey(example: string): Decoder<Secret | undefined> {
  return secret(example, (raw) => {
    const key = raw.trim();
    if (key !== "" && key.length < SHORTEST_KEY) {
      throw new Error(`the key is shorter than ${SHORTEST_KEY} characters; \`openssl rand -hex 32\` makes one`);
    }
    return key === "" ? undefined : new Secret(key);
  });
}

/** One `id=value` per line. Values never appear in a message, so a malformed line is named by its number. */
export function secretPairs(example: string): Decoder<Readonly<Record<string, Secret>>> {
  return secret(example, (raw, readQuoted) => {
    const problems: string[] = [];
    const found = new Map<string, Secret>();
    for (const [index, line] of splitList(raw, { commas: false }, readQuoted).entries()) {
      const at = line.indexOf("=");
      if (at < 1) problems.push(`item ${index + 1} is not id=value`);
      else found.set(line.slice(0, at).trim(), new Secret(line.slice(at + 1)));
    }
    refuse(problems);
    return Object.fromEntries(found);
  });
}

/** A build secret and the variable that holds it. */
export interface SecretVariable {
  readonly id: string;
  /** An environment variable of the step. */
  readonly variable: string;
}

/** `id=VARIABLE`, or `VARIABLE` alone when the id is the variable's name. */
export function secretVariables(example: string): Decoder<readonly SecretVariable[]> {
  return each(example, (item) => {
    const [id = item, variable = id, ...rest] = item.split("=").map((part) => part.trim());
    if (rest.length > 0 || variable === "") throw new Error(`"${item}" is neither VARIABLE nor id=VARIABLE`);
    return { id, variable };
  });
}

/** A list whose items `parse` reads; every invalid item is reported. */
export function each<T>(example: string, parse: (item: string) => T): Decoder<readonly T[]> {
  return list(example, (raw, readQuoted) => {
    const problems: string[] = [];
    const found: T[] = [];
    for (const item of splitList(raw, { commas: true }, readQuoted)) {
      try {
        found.push(parse(item));
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
      }
    }
    refuse(problems);
    return found;
  });
}

/** Tags; a tag that is given twice counts once. */
export function references(example: string): Decoder<readonly Reference[]> {
  const all = each(example, parseTag);
  return list(example, (raw, readQuoted) => distinctReferences(all.decode(raw, readQuoted)));
}

/** @throws Error whose message completes "input `x`: …". */
export function parseTag(text: string): Reference {
  const reference = parseReference(text);
  if (reference.digest !== undefined) throw new Error(`"${text}" has a digest; give a tag instead`);
  return reference.tag === undefined ? { ...reference, tag: "latest" } : reference;
}

/** The references, each once, in order. */
export function distinctReferences(references: readonly Reference[]): readonly Reference[] {
  return [...new Map(references.map((reference) => [printReference(reference), reference])).values()];
}

export function platforms(example: string): Decoder<readonly Platform[]> {
  return each(example, parsePlatform);
}

/** A whole number of at least `minimum`; `undefined` when unset. */
export function wholeNumber(example: string, minimum: number): Decoder<number | undefined> {
  return decoder(example, (raw) => {
    const word = raw.trim();
    if (word === "") return undefined;
    if (!/^\d{1,15}$/.test(word) || Number(word) < minimum) {
      throw new Error(`"${word}" is not a whole number of at least ${minimum}`);
    }
    return Number(word);
  });
}

/** A size in bytes, in docker's notation: `20gb`, `512m`. Units are powers of 1024. `undefined` when unset. */
export function byteSize(example: string): Decoder<number | undefined> {
  return decoder(example, (raw) => {
    const word = raw.trim();
    if (word === "") return undefined;
    const bytes = parseBytes(word);
    if (bytes === undefined) throw new Error(`"${word}" is not a size`);
    return bytes;
  });
}

export type EpochChoice = number | "bento";

export function epoch(example: string): Decoder<EpochChoice | undefined> {
  const seconds = wholeNumber(example, 0);
  return decoder(example, (raw, readQuoted) => (raw.trim() === "bento" ? "bento" : seconds.decode(raw, readQuoted)));
}

/** Highest level of each format that BuildKit and containers/image accept. */
const HIGHEST_LEVEL = { gzip: 9, zstd: 22, none: 0 } as const;

/** A repository without tag or digest, or `off`. */
export function repositoryOrOff(example: string): Decoder<Repository | "off" | undefined> {
  return decoder(example, (raw) => {
    const name = raw.trim();
    if (name === "" || name === "off") return name || undefined;
    const { tag, digest, ...repository } = parseReference(name);
    if (tag !== undefined || digest !== undefined)
      throw new Error(`"${name}" has a tag or digest; give the repository alone`);
    return repository;
  });
}

/** `gzip`, `zstd:3`, `none`; `auto` is gzip, which every runtime and registry accepts. */
export function compression(example: string): Decoder<Compression> {
  return decoder(example, (raw) => {
    const found = /^(auto|gzip|zstd|none)?(?::(\d{1,2}))?$/.exec(raw.trim());
    if (found === null)
      throw new Error(`"${raw.trim()}" is none of auto, gzip, zstd, none, or one of them with :level`);
    const [, word, digits] = found;
    const format = word === "zstd" || word === "none" ? word : "gzip";
    if (word === undefined || word === "auto") return { format, auto: true, ...levelOf(digits, format) };
    return { format, ...levelOf(digits, format) };
  });
}

/** @throws Error whose message completes "input `x`: …". */
function levelOf(digits: string | undefined, format: CompressionFormat): { readonly level?: number } {
  if (digits === undefined) return {};
  const level = Number(digits);
  if (level > HIGHEST_LEVEL[format]) throw new Error(`${format} has no level ${level}`);
  return { level };
}

/** @throws Failure `input` with all problems; nothing if there are none. */
export function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new Failure("input", problems.join("; "));
}
