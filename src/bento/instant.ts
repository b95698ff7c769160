const ISO = /^(\d{4}-\d\d-\d\d)[T ]+(\d\d:\d\d:\d\d)(\.\d+)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * Parses BentoML's time stamps: ISO 8601 with an offset; in 1.0.0a6 a YAML time stamp with a blank instead of `T`. Without
 * an offset it is UTC, since BentoML calls `datetime.now(timezone.utc)`.
 * @returns undefined if the text is not a time.
 */
export function parseInstant(text: string): Date | undefined {
  const [, day, time, fraction = "", zone = "Z"] = ISO.exec(text.trim()) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
  const instant = new Date(`${day}T${time}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
