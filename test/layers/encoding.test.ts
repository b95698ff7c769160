import { rm } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { chooseEncoding, mediaTypeOf } from "../../src/layers/encoding.ts";
import { directory, makeTestDirectory, noise, planOf, text } from "../assembly/plans.ts";

const MEBIBYTE = 2 ** 20;

describe("A requested encoding", () => {
  it.each([
    [{ format: "gzip" }, { kind: "gzip", level: 6 }, "gzip level 6: as requested"],
    [{ format: "gzip", level: 9 }, { kind: "gzip", level: 9 }, "gzip level 9: as requested"],
    [{ format: "gzip", level: 0 }, { kind: "stored" }, "stored: as requested"],
    [{ format: "zstd" }, { kind: "zstd", level: 3 }, "zstd level 3: as requested"],
    [{ format: "zstd", level: 19 }, { kind: "zstd", level: 19 }, "zstd level 19: as requested"],
    [{ format: "none" }, { kind: "none" }, "none: as requested"],
  ] as const)("%j is used for any files", async (compression, encoding, reason) => {
    const { files } = await makeTestDirectory();
    expect(await chooseEncoding(planOf(text("a", "a")), compression, files.enclosed)).toEqual({ encoding, reason });
  });
});

describe("Without a requested encoding", () => {
  it("weights are stored, because they do not compress", async () => {
    const { files, write } = await makeTestDirectory();
    const plan = planOf(await write("a.bin", noise(3 * MEBIBYTE)), await write("b.bin", noise(MEBIBYTE, "other")));
    expect(await chooseEncoding(plan, undefined, files.enclosed)).toEqual({
      encoding: { kind: "stored" },
      reason: "stored: a sample of 2.1 MB compresses to 100.0 %",
    });
  });

  it("text is compressed with the requested level", async () => {
    const { files } = await makeTestDirectory();
    const plan = planOf(directory("src"), text("src/service.py", "import bentoml\n".repeat(1000)));
    const choice = await chooseEncoding(plan, undefined, files.enclosed);
    expect(choice.encoding).toEqual({ kind: "gzip", level: 6 });
    expect(choice.reason).toMatch(/^gzip level 6: a sample of 16\.\d kB compresses to \d\.\d %$/);
    expect((await chooseEncoding(plan, { format: "gzip", auto: true, level: 9 }, files.enclosed)).encoding).toEqual({
      kind: "gzip",
      level: 9,
    });
  });

  it("many small files are compressed because of their headers, even if their contents do not compress", async () => {
    const { files } = await makeTestDirectory();
    const small = Array.from({ length: 100 }, (_, index) =>
      text(`src/${index}`, noise(30, `${index}`).toString("hex")),
    );
    expect((await chooseEncoding(planOf(...small), undefined, files.enclosed)).encoding.kind).toBe("gzip");
  });

  it.each([
    [0.03, "stored"],
    [0.2, "gzip"],
  ] as const)("the sample reaches into all of the layer: %d of it compresses, so %s", async (share, kind) => {
    const { files, write } = await makeTestDirectory();
    const size = 16 * MEBIBYTE;
    const content = Buffer.concat([noise(Math.round(size * (1 - share))), Buffer.alloc(Math.round(size * share))]);
    const choice = await chooseEncoding(planOf(await write("a.bin", content)), undefined, files.enclosed);
    expect(choice.encoding.kind).toBe(kind);
    expect(await chooseEncoding(planOf(await write("a.bin", content)), undefined, files.enclosed)).toEqual(choice);
  });

  it("a layer without files has an encoding", async () => {
    const { files } = await makeTestDirectory();
    expect((await chooseEncoding(planOf(directory("src")), undefined, files.enclosed)).encoding.kind).toBe("gzip");
  });

  it("a missing file is a failure", async () => {
    const { files, write } = await makeTestDirectory();
    const entry = await write("a.bin", noise(1000));
    await rm(entry.on);
    await expect(chooseEncoding(planOf(entry), undefined, files.enclosed)).rejects.toMatchObject({
      code: "ContentChanged",
    });
  });
});

it("Each encoding has the media type that runtimes expect", () => {
  const base = "application/vnd.oci.image.layer.v1.tar";
  expect(mediaTypeOf({ kind: "none" })).toBe(base);
  expect(mediaTypeOf({ kind: "stored" })).toBe(`${base}+gzip`);
  expect(mediaTypeOf({ kind: "gzip", level: 6 })).toBe(`${base}+gzip`);
  expect(mediaTypeOf({ kind: "zstd", level: 3 })).toBe(`${base}+zstd`);
});
