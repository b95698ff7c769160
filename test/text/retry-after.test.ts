import { expect, it } from "vitest";
import { parseRetryAfter } from "../../src/text/retry-after.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");

it.each([
  ["120", 120_000],
  [" 5 ", 5_000],
  ["Thu, 01 Jan 2026 00:01:00 GMT", 60_000],
  ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
  ["soon", undefined],
  [undefined, undefined],
])("Retry-After %j is a wait of %j ms", (value, wait) => {
  expect(parseRetryAfter(value, NOW)).toBe(wait);
});
