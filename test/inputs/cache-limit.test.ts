import { describe, expect, it } from "vitest";
import { byteSize } from "../../src/inputs/decoder.ts";
import { openQuotedReader } from "../../src/inputs/lists.ts";

const readQuoted = await openQuotedReader([]);
const read = (text: string) => byteSize("20gb").decode(text, readQuoted);

describe("byteSize", () => {
  it.each([
    ["20gb", 20 * 1024 ** 3],
    ["20G", 20 * 1024 ** 3],
    ["512m", 512 * 1024 ** 2],
    [" 7k ", 7 * 1024],
    ["12", 12],
    ["12b", 12],
    ["1tb", 1024 ** 4],
  ])("reads %j as %d bytes", (text, bytes) => expect(read(text)).toBe(bytes));

  it("gives undefined when the input is unset", () => expect(read("")).toBeUndefined());

  it.each(["20 gb", "many", "-1g", "1.5g", "20gib"])("rejects %j", (text) => {
    expect(() => read(text)).toThrow(`"${text}" is not a size`);
  });
});
