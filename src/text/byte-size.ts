const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** `1536000` → `1.5 MB`, in powers of 1000 as used by registries. */
export function printBytes(count: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), UNITS.length - 1);
  return `${(count / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}
