const UNITS_OF_1024 = ["b", "k", "m", "g", "t"];
const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/**
 * The bytes of a size as docker's programs read it: `20gb`, `512m`, `100`; units are powers of 1024 (docker/go-units,
 * RAMInBytes). Undefined for other text.
 */
export function parseBytes(text: string): number | undefined {
  const [, digits, unit = ""] = /^(\d{1,15})([bkmgt]?)b?$/i.exec(text) ?? [];
  const bytes = Number(digits) * 1024 ** Math.max(0, UNITS_OF_1024.indexOf(unit.toLowerCase()));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** `1536000` → `1.5 MB`, in powers of 1000 as used by registries. */
export function printBytes(count: number): string {
  const power = powerOf(count);
  return `${inUnit(count, power)} ${UNITS[power]}`;
}

/** Both in the unit of the total: `6.2 of 14.9 GB`. */
export function printBytesOf(count: number, total: number): string {
  const power = powerOf(total);
  return `${inUnit(count, power)} of ${inUnit(total, power)} ${UNITS[power]}`;
}

/** `92300000` → `92 MB/s`, `1130000000` → `1.1 GB/s`. */
export function printRate(bytesPerSecond: number): string {
  const power = powerOf(bytesPerSecond);
  const value = bytesPerSecond / 1000 ** power;
  return `${value.toFixed(value < 9.95 && power > 0 ? 1 : 0)} ${UNITS[power]}/s`;
}

function powerOf(count: number): number {
  return Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), UNITS.length - 1);
}

function inUnit(count: number, power: number): string {
  return (count / 1000 ** power).toFixed(power === 0 ? 0 : 1);
}
