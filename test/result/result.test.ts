import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Evidence } from "../../src/backends/backend.ts";
import { digestOf } from "../../src/oci/digest.ts";
import type { ImageDescription } from "../../src/oci/image-description.ts";
import { readReportedDigests } from "../../src/result/claims.ts";
import { reconcile } from "../../src/result/result.ts";
import { makeSetting } from "../bento/setting.ts";

const [ROOT, CONFIG, OTHER] = [digestOf("root"), digestOf("config"), digestOf("other")];
const AMD64 = { os: "linux", architecture: "amd64" };
const ARM64 = { os: "linux", architecture: "arm64" };

function storedImage(...platforms: readonly (typeof AMD64)[]): ImageDescription {
  return {
    digest: ROOT,
    kind: platforms.length > 1 ? "index" : "manifest",
    platforms: platforms.map((platform) => ({ platform, digest: ROOT, imageid: CONFIG, size: 1, layers: [] })),
  };
}

describe("reconcile", () => {
  it("gives the registry's digests if those that the tool reports are the same", () => {
    expect(reconcile([storedImage(AMD64)], { root: ROOT, config: CONFIG }, [AMD64])).toEqual({
      digest: ROOT,
      kind: "manifest",
      imageid: CONFIG,
      platforms: storedImage(AMD64).platforms,
    });
  });

  it("gives no image id for several platforms", () => {
    const result = reconcile([storedImage(AMD64, ARM64)], { root: ROOT }, [AMD64, ARM64]);
    expect([result.kind, result.imageid]).toEqual(["index", undefined]);
  });

  it("gives the reported digests if no store can be read", () => {
    expect(reconcile([], { config: CONFIG }, [AMD64])).toEqual({ imageid: CONFIG, platforms: [] });
    expect(reconcile([], { root: ROOT }, [])).toEqual({ digest: ROOT, platforms: [] });
  });

  it.each([
    ["the tool reports another manifest", [storedImage(AMD64)], { root: OTHER }],
    ["the tool reports another config", [storedImage(AMD64)], { config: OTHER }],
    ["registry and layout differ", [storedImage(AMD64), { ...storedImage(AMD64), digest: OTHER }], {}],
  ])("fails when %s", (_, images, reported) => {
    expect(() => reconcile(images, reported, [])).toThrow(/is not the same everywhere/);
  });

  it("fails when a platform is missing", () => {
    expect(() => reconcile([storedImage(AMD64)], {}, [AMD64, ARM64])).toThrow(/the image has no linux\/arm64/);
  });
});

describe("readReportedDigests", () => {
  async function read(text: string | undefined, evidence: object) {
    const { machine, root } = await makeSetting();
    const path = join(root, "evidence");
    if (text !== undefined) await writeFile(path, text);
    return readReportedDigests([{ ...evidence, path } as Evidence], machine.files);
  }

  const metadata = (fields: object) => JSON.stringify({ "buildx.build.ref": "lab/lab0/x", ...fields });
  const both = metadata({ "containerimage.digest": ROOT, "containerimage.config.digest": CONFIG });

  it.each([
    ["metadata of a push", both, { kind: "metadata", trust: "root" }, { root: ROOT, config: CONFIG }],
    ["metadata of a docker archive", both, { kind: "metadata", trust: "config" }, { config: CONFIG }],
    [
      "metadata of a daemon that keeps manifests",
      metadata({ "containerimage.digest": ROOT }),
      { kind: "metadata", trust: "config" },
      { root: ROOT },
    ],
    ["an id file", `${CONFIG}\n`, { kind: "digest", means: "config" }, { config: CONFIG }],
    ["nerdctl's id file", ROOT, { kind: "digest", means: "root" }, { root: ROOT }],
  ])("reads %s", async (_, text, evidence, reported) => {
    expect(await read(text, evidence)).toEqual(reported);
  });

  it.each([
    ["no file", undefined],
    ["an empty file", ""],
    ["invalid JSON", "<html>"],
    ["JSON null", "null"],
    ["no digest", "{}"],
    ["half a digest", '{"containerimage.digest":"sha256:12"}'],
  ])("fails with class tool for %s", async (_, text) => {
    await expect(read(text, { kind: "metadata", trust: "root" })).rejects.toMatchObject({
      class: "tool",
      code: "EvidenceMissing",
    });
  });
});
