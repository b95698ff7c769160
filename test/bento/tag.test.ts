import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { faultOfTagPart, parseTag, parseTagReference } from "../../src/bento/tag.ts";

const edge = fc.constantFrom(..."abcxyz0189");
const part = fc
  .tuple(edge, fc.string({ unit: fc.constantFrom(..."abz09-._"), maxLength: 61 }), fc.option(edge, { nil: "" }))
  .map(([first, inner, last]) => (last === "" ? first : `${first}${inner}${last}`));

describe("The tag grammar", () => {
  it("accepts every valid name and version, and returns them unchanged", () => {
    fc.assert(
      fc.property(part, part, (name, version) => {
        expect(parseTagReference(`${name}:${version}`)).toEqual({ tag: { name, version }, lowered: false });
        expect(parseTag(`${name}:${version}`)).toEqual({ name, version });
        expect(parseTagReference(name)).toEqual({ tag: { name }, lowered: false });
      }),
    );
  });

  it("changes upper case to lower case and reports it", () => {
    fc.assert(
      fc.property(part, (name) => {
        const { tag, lowered } = parseTagReference(name.toUpperCase());
        expect(tag).toEqual({ name });
        expect(lowered).toBe(name.toUpperCase() !== name);
      }),
    );
  });

  it.each(["", "-a", "a-", "a b", "a/b", "ü", "a".repeat(64), "a:b:c", "a:", ":a", "a: b", "a\n"])(
    "refuses %j",
    (text) => {
      expect(() => parseTagReference(text)).toThrow(expect.objectContaining({ class: "input", code: "TagInvalid" }));
      expect(parseTag(text)).toBeUndefined();
    },
  );

  it.each([
    ["a".repeat(63), undefined],
    ["a".repeat(64), "63"],
    ["", "is empty"],
  ])("describes the problem of %j", (text, fault) => {
    if (fault === undefined) expect(faultOfTagPart(text)).toBeUndefined();
    else expect(faultOfTagPart(text)).toContain(fault);
  });
});
