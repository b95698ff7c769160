import fc from "fast-check";
import { expect, it } from "vitest";
import { compareBytes } from "../../src/text/byte-order.ts";

/** Strings of all planes, many with a common prefix. */
const TEXT = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("a", "b", "/", "é", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}") }),
);

it("Strings are ordered by their UTF-8 bytes", () => {
  fc.assert(
    fc.property(TEXT, TEXT, (one, other) => {
      expect(Math.sign(compareBytes(one, other))).toBe(Buffer.compare(Buffer.from(one), Buffer.from(other)));
    }),
    { numRuns: 5000 },
  );
});
