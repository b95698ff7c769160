import { execFileSync } from "node:child_process";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { storedGzip, storedSize } from "../../src/layers/stored-gzip.ts";
import { bytesOf, noise, sha256 } from "../assembly/plans.ts";

async function* cut(content: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const length of lengths) {
    yield content.subarray(from, from + length);
    from += length;
  }
  yield content.subarray(from);
}

/** Contents around the ends of blocks, and of the buffer of 16 blocks. */
const SIZES = [0, 1, 65_534, 65_535, 65_536, 131_070, 16 * 65_535 - 1, 16 * 65_535, 16 * 65_535 + 1, 3_000_000];

describe("Gzip of stored blocks", () => {
  it.each(SIZES)("of %i bytes is unpacked by gzip and by zlib, and has the predicted size", async (size) => {
    const content = noise(size);
    const blob = await bytesOf(storedGzip(cut(content, []), size));
    expect(blob).toHaveLength(storedSize(size));
    execFileSync("gzip", ["--test"], { input: blob });
    expect(
      execFileSync("gzip", ["--decompress", "--stdout"], { input: blob, maxBuffer: 2 ** 24 }).equals(content),
    ).toBe(true);
    expect(gunzipSync(blob).equals(content)).toBe(true);
  });

  it("does not depend on how its content is cut", async () => {
    const size = 200_000;
    const content = noise(size);
    const whole = await bytesOf(storedGzip(cut(content, []), size));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(70_000), { maxLength: 5 }), async (lengths) => {
        expect((await bytesOf(storedGzip(cut(content, lengths), size))).equals(whole)).toBe(true);
      }),
    );
  });

  /** These bytes must not change, like those of the tar: a change would make every user push every model again. */
  it("has the same bytes in every release", async () => {
    expect(sha256(await bytesOf(storedGzip(cut(noise(100_000), []), 100_000)))).toBe(
      "sha256:e25e5affd45282636b36d9ba506c5baee0b1fa51dd192bda990cf75113ee0ca5",
    );
  });

  it.each([9, 11])("fails for %i bytes when 10 are expected", async (length) => {
    await expect(bytesOf(storedGzip(cut(noise(length), []), 10))).rejects.toThrow("bytes");
  });

  it("adds less than 0.01 % to a content", () => {
    expect(storedSize(2 ** 40) / 2 ** 40).toBeLessThan(1.0001);
  });
});
