/** Writes POSIX tar. The same plan must always give the same bytes, on every machine and in every release. */
import type { EntryHeader, LayerPlan } from "./layer.ts";

const BLOCK = 512;
const NAME_LENGTH = 100;
const PREFIX_LENGTH = 155;
const LINK_MODE = 0o777;
/** Two blocks of zeros. They are not padded to a tape record of 10,240 bytes, which readers do not need. */
const END = 2 * BLOCK;

/** A field of the header that a PAX record can replace. */
interface Numbers {
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
}

interface Header extends Numbers {
  readonly name: string;
  readonly prefix: string;
  readonly type: "0" | "2" | "5" | "x";
  readonly mode: number;
  readonly link: string;
}

const TYPES = { file: "0", link: "2", directory: "5" } as const;

/** Octal digits of each field. A value that needs more digits or a sign goes into a PAX record. */
const DIGITS = { uid: 7, gid: 7, size: 11, mtime: 11 } as const;

/**
 * The blocks before an entry's content: a USTAR header, preceded by a PAX extended header for values that USTAR cannot hold.
 * @param epoch the entry's time, in seconds since 1970.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06
 */
export function headerOf(entry: EntryHeader, epoch: number): Uint8Array {
  const path = pathOf(entry);
  const records = recordsOf(entry, epoch);
  const header = block({
    ...numbersOf(entry, epoch),
    ...(splitPath(path) ?? { name: asciiName(path), prefix: "" }),
    type: TYPES[entry.kind],
    mode: entry.kind === "link" ? LINK_MODE : entry.mode,
    link: asciiName(targetOf(entry)),
  });
  return records === "" ? header : Buffer.concat([extended(records), header]);
}

/** Zero bytes between the end of a content of this many bytes and the next block. */
export function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** The end-of-archive marker. */
export function endOfTar(): Uint8Array {
  return new Uint8Array(END);
}

/** The size of the tar, in bytes. */
export function tarSize({ entries, epoch }: LayerPlan): number {
  return entries.reduce((total, entry) => total + entrySize(entry, epoch), END);
}

/** Whether some of its content is only at the Hub. */
export function isRemote({ entries }: LayerPlan): boolean {
  return entries.some((entry) => entry.kind === "file" && entry.source.kind === "remote");
}

/** The size of an entry, in bytes: headers, content and padding. */
export function entrySize(entry: EntryHeader, epoch: number): number {
  const records = Buffer.byteLength(recordsOf(entry, epoch));
  const extension = records === 0 ? 0 : BLOCK + padded(records);
  return extension + BLOCK + padded(sizeOf(entry));
}

function padded(size: number): number {
  return size + paddingOf(size);
}

function sizeOf(entry: EntryHeader): number {
  return entry.kind === "file" ? entry.size : 0;
}

function pathOf({ kind, path }: EntryHeader): string {
  return kind === "directory" ? `${path}/` : path;
}

function targetOf(entry: EntryHeader): string {
  return entry.kind === "link" ? entry.target : "";
}

function numbersOf(entry: EntryHeader, epoch: number): Numbers {
  return { ...entry.owner, size: sizeOf(entry), mtime: epoch };
}

/** PAX records for values that USTAR cannot hold, in a fixed order. */
function recordsOf(entry: EntryHeader, epoch: number): string {
  const path = pathOf(entry);
  const link = targetOf(entry);
  const numbers = numbersOf(entry, epoch);
  return [
    ...(splitPath(path) === undefined ? [record("path", path)] : []),
    ...(fits(link) ? [] : [record("linkpath", link)]),
    ...(["size", "uid", "gid", "mtime"] as const)
      .filter((field) => !fitsOctal(numbers[field], DIGITS[field]))
      .map((field) => record(field, String(numbers[field]))),
  ].join("");
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

function fits(name: string): boolean {
  return name.length <= NAME_LENGTH && isAscii(name);
}

/** USTAR joins prefix and name by a slash. Neither may be empty, and a directory's trailing slash cannot separate them. */
function splitPath(path: string): Pick<Header, "name" | "prefix"> | undefined {
  if (fits(path)) return { name: path, prefix: "" };
  const slash = path.lastIndexOf("/", Math.min(PREFIX_LENGTH, path.length - 2));
  const name = path.slice(slash + 1);
  return slash > 0 && fits(name) && isAscii(path) ? { name, prefix: path.slice(0, slash) } : undefined;
}

/** A name that fits, for readers without PAX support. All others read the PAX record instead. */
function asciiName(name: string): string {
  return name.replace(/\P{ASCII}/gu, "_").slice(0, NAME_LENGTH);
}

function fitsOctal(value: number, digits: number): boolean {
  return value >= 0 && value < 8 ** digits;
}

/** `<length> <key>=<value>\n`. The length includes its own digits. */
function record(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  const digits = String(rest + String(rest).length).length;
  return `${rest + digits} ${key}=${value}\n`;
}

function extended(records: string): Uint8Array {
  const content = Buffer.from(records);
  const header = block({
    name: "././@PaxHeader",
    prefix: "",
    type: "x",
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: content.length,
    mtime: 0,
    link: "",
  });
  return Buffer.concat([header, content, Buffer.alloc(paddingOf(content.length))]);
}

function block({ name, prefix, type, mode, uid, gid, size, mtime, link }: Header): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  const put = (text: string, offset: number): void => void bytes.write(text, offset, "latin1");
  put(name, 0);
  put(octal(mode, 7), 100);
  put(octal(uid, DIGITS.uid), 108);
  put(octal(gid, DIGITS.gid), 116);
  put(octal(size, DIGITS.size), 124);
  put(octal(mtime, DIGITS.mtime), 136);
  put(type, 156);
  put(link, 157);
  put("ustar\x0000", 257);
  put(octal(0, 7), 329);
  put(octal(0, 7), 337);
  put(prefix, 345);
  // The checksum is the sum of all bytes, with blanks in its own field.
  const sum = bytes.reduce((total, byte) => total + byte, 8 * 0x20);
  put(`${octal(sum, 6)}\0 `, 148);
  return bytes;
}

/** Octal digits; zero for a value that is in a PAX record. */
function octal(value: number, digits: number): string {
  return (fitsOctal(value, digits) ? value : 0).toString(8).padStart(digits, "0");
}
