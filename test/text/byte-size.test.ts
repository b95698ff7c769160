import { describe, expect, it } from "vitest";
import { parseBytes, printBytes } from "../../src/text/byte-size.ts";

describe("a size", () => {
  it.each([
    ["20gb", 20 * 1024 ** 3],
    ["512M", 512 * 1024 ** 2],
    ["64k", 65_536],
    ["100", 100],
    ["20000000000", 20_000_000_000],
    ["2TB", 2 * 1024 ** 4],
  ])("%s is %i bytes, as docker's programs read it", (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each(["", "much", "-1", "1.5g", "1 g", "1pb", "999999999999999t"])("%j is not read", (text) => {
    expect(parseBytes(text)).toBeUndefined();
  });

  it("is printed in powers of 1000, as registries count", () => {
    expect([0, 999, 1_536_000, 14_900_000_000].map(printBytes)).toEqual(["0 B", "999 B", "1.5 MB", "14.9 GB"]);
  });
});
