/**
 * Milliseconds from the header `Retry-After`, which holds seconds or a date; undefined when it holds neither.
 * @param now milliseconds since 1970. Source: RFC 9110, section 10.2.3.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
