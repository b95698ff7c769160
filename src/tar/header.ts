/** Parses the header blocks of a tar: ustar, pax and GNU. */

/** The block size of a tar in bytes; headers and contents are padded to it. */
export const BLOCK = 512;

/** The content of a header block, without extended headers. */
export interface TarHeader {
  readonly name: string;
  readonly mode: number;
  /** Bytes of the content after the block. */
  readonly size: number;
  /** One character. NUL, in old tars, is returned as "0". */
  readonly type: string;
  readonly link: string;
}

/** The values of the extended headers before a member. */
export interface Extension {
  readonly path?: string;
  readonly linkpath?: string;
  readonly size?: number;
  /** Whether the content omits the holes of a file: GNU's sparse formats 0.0, 0.1 and 1.0. */
  readonly sparse?: boolean;
}

const CHECKSUM_START = 148;
const CHECKSUM_END = 156;
const BLANK = 0x20;

/**
 * Reads a header block.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06
 * @throws Error when the checksum or a number is wrong.
 */
export function parseHeader(block: Buffer): TarHeader {
  if (numberAt(block, CHECKSUM_START, 8) !== checksumOf(block)) throw new Error("a header's checksum is wrong");
  const name = textAt(block, 0, 100);
  // In GNU's own format ("ustar" and two blanks), times take the place of POSIX's prefix field.
  const prefix = block.toString("latin1", 257, 263) === "ustar\0" ? textAt(block, 345, 155) : "";
  const type = block.toString("latin1", 156, 157);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    mode: numberAt(block, 100, 8),
    size: numberAt(block, 124, 12),
    type: type === "\0" ? "0" : type,
    link: textAt(block, 157, 100),
  };
}

/** The sum of all bytes, with blanks in the checksum's own field. */
function checksumOf(block: Buffer): number {
  const sum = (bytes: Buffer): number => bytes.reduce((total, byte) => total + byte, 0);
  return sum(block) - sum(block.subarray(CHECKSUM_START, CHECKSUM_END)) + BLANK * (CHECKSUM_END - CHECKSUM_START);
}

/** Text up to the first NUL. Invalid UTF-8 becomes U+FFFD. */
export function textAt(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? length : end);
}

/** A number in octal digits, or binary if the first bit is set, which is GNU's form for large numbers. */
function numberAt(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0;
  if ((first & 0x80) !== 0) return binaryAt(block.subarray(start, start + length));
  const digits = textAt(block, start, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw new Error("a header has an invalid number");
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}

function binaryAt(field: Buffer): number {
  const value = field.reduce((total, byte, index) => total * 256 + (index === 0 ? byte & 0x7f : byte), 0);
  if (!Number.isSafeInteger(value)) throw new Error("a header has a number that is negative or too large");
  return value;
}

/**
 * Parses the records `LENGTH KEY=VALUE` of a pax extended header in one pass. The last of several equal keys applies.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03
 * @throws Error when a record is damaged or its size is not a number.
 */
export function parseRecords(bytes: Buffer): Extension {
  let extension: Extension = {};
  for (let start = 0; start < bytes.length && bytes[start] !== 0; ) {
    // Headers are limited in size, so a length never has more digits.
    const digits = bytes.toString("latin1", start, start + 12).split(" ", 1)[0] ?? "";
    const end = start + Number(digits);
    const equals = bytes.indexOf("=", start + digits.length);
    if (!/^[1-9]\d*$/.test(digits) || equals === -1 || equals >= end || bytes[end - 1] !== 0x0a) {
      throw new Error("an extended header is damaged");
    }
    const key = bytes.toString("utf8", start + digits.length + 1, equals);
    extension = { ...extension, ...extensionOf(key, bytes.subarray(equals + 1, end - 1)) };
    start = end;
  }
  return extension;
}

function extensionOf(key: string, value: Buffer): Extension {
  if (key === "path" || key === "linkpath") return { [key]: value.toString() };
  if (key === "size") return { size: sizeFrom(value.toString()) };
  return key.startsWith("GNU.sparse.") ? { sparse: true } : {};
}

function sizeFrom(value: string): number {
  const size = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw new Error(`an extended header has the invalid size ${value.slice(0, 30)}`);
  return size;
}
