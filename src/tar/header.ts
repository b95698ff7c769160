/** The blocks that describe the members of a tar: ustar, pax and GNU. */

/** Everything in a tar is padded to blocks of this size. */
export const BLOCK = 512;

/** What one header block says, before anything that extended headers add. */
export interface TarHeader {
  readonly name: string;
  readonly mode: number;
  /** Bytes of what follows the block. */
  readonly size: number;
  /** One character; NUL of old tars is "0". */
  readonly type: string;
  readonly link: string;
}

/** What the extended headers before a member say of it. */
export interface Extension {
  readonly path?: string;
  readonly linkpath?: string;
  readonly size?: number;
  /** Whether the content is only the parts of a file that are no holes: GNU's sparse formats 0.0, 0.1 and 1.0. */
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
  // GNU's own format ("ustar" and two blanks) has times where POSIX has the first half of a long name.
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

/** The sum of all bytes, with the checksum's own field counted as blanks. */
function checksumOf(block: Buffer): number {
  const sum = (bytes: Buffer): number => bytes.reduce((total, byte) => total + byte, 0);
  return sum(block) - sum(block.subarray(CHECKSUM_START, CHECKSUM_END)) + BLANK * (CHECKSUM_END - CHECKSUM_START);
}

/** Text up to the first NUL. What is not UTF-8 comes as U+FFFD. */
export function textAt(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? length : end);
}

/** Octal digits, or binary when the first bit is set: GNU's form of what has too many digits. */
function numberAt(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0;
  if ((first & 0x80) !== 0) return binaryAt(block.subarray(start, start + length));
  const digits = textAt(block, start, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw new Error("a header holds something else in the place of a number");
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}

function binaryAt(field: Buffer): number {
  const value = field.reduce((total, byte, index) => total * 256 + (index === 0 ? byte & 0x7f : byte), 0);
  if (!Number.isSafeInteger(value)) throw new Error("a header holds a number that is negative or too big");
  return value;
}

/**
 * Reads the records `LENGTH KEY=VALUE` of a pax extended header, in one pass. Of equal keys the last counts.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03
 * @throws Error when a record is damaged, or its size is no number.
 */
export function parseRecords(bytes: Buffer): Extension {
  let extension: Extension = {};
  for (let start = 0; start < bytes.length && bytes[start] !== 0; ) {
    // No length has more digits, as no header is that long.
    const digits = bytes.toString("latin1", start, start + 12).split(" ", 1)[0] ?? "";
    const end = start + Number(digits);
    const equals = bytes.indexOf("=", start + digits.length);
    if (!/^[1-9]\d*$/.test(digits) || equals === -1 || equals >= end || bytes[end - 1] !== 0x0a) {
      throw new Error("an extended header is damaged");
    }
    const key = bytes.toString("utf8", start + digits.length + 1, equals);
    extension = { ...extension, ...meaningOf(key, bytes.subarray(equals + 1, end - 1)) };
    start = end;
  }
  return extension;
}

function meaningOf(key: string, value: Buffer): Extension {
  if (key === "path" || key === "linkpath") return { [key]: value.toString() };
  if (key === "size") return { size: sizeFrom(value.toString()) };
  return key.startsWith("GNU.sparse.") ? { sparse: true } : {};
}

function sizeFrom(value: string): number {
  const size = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw new Error(`an extended header gives the size ${value.slice(0, 30)}`);
  return size;
}
