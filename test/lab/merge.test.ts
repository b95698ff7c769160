import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BACKENDS, type BackendName, type Lab, openLab } from "./backends.ts";
import { heldBy, type Index, tagsOf } from "./image.ts";
import { BARE, type Inputs, succeed } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

const PLATFORMS = ["linux/amd64", "linux/arm64"];

let lab: Lab;
let tiny: TinyBento;
let directory: string;
/** Of this run alone. */
let repository: string;

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  tiny = await unpackTiny();
  directory = await mkdtemp(join(tmpdir(), "bento-image-merge-"));
  repository = `${lab.registry}/merge/${randomUUID()}`;
});

afterAll(async () => {
  await rm(tiny.home, { recursive: true });
  await rm(directory, { recursive: true });
});

function make(name: BackendName, inputs: Inputs) {
  const { env, inputs: own } = lab.backends[name];
  return succeed({ bento: tiny.bento, "bentoml-home": tiny.home, ...own, ...inputs }, { ...env, GITHUB_SHA: "c0ffee" });
}

describe("jobs that each push one platform by digest", () => {
  it.each(BACKENDS)("by %s make, merged, the index of all platforms in one step", async (name) => {
    const [own, digests] = [`${repository}/${name}`, join(directory, name)];
    const jobInputs = { assembly: "backend", "push-by-digest": "true", "digest-file": digests, tags: own };
    for (const platforms of PLATFORMS) {
      const outputs = await make(name, { ...jobInputs, platforms });
      expect((await heldBy(`${own}@${outputs["digest"]}`)).digest).toBe(outputs["digest"]);
      expect(outputs).toMatchObject({ tags: "", image: `${own}@${outputs["digest"]}` });
    }
    expect(await tagsOf(own)).toEqual([]);
    expect(await readdir(digests)).toEqual(["search_gateway-linux-amd64.json", "search_gateway-linux-arm64.json"]);

    const native = await make(name, {
      ...{ assembly: "backend", push: "true", tags: `${own}:native` },
      platforms: PLATFORMS.join(","),
    });
    const tags = `${own}:merged\n${repository}/elsewhere:${name}`;
    const merged = await succeed({ "digests-from": digests, tags, platforms: PLATFORMS.join(",") }, BARE, "merge");
    expect(merged["digest"]).toBe(native["digest"]);
    expect((await heldBy<Index>(`${own}:merged`)).digest).toBe(native["digest"]);
    expect((await heldBy<Index>(`${repository}/elsewhere:${name}`)).digest).toBe(native["digest"]);
  });

  it.each(BACKENDS)("by %s have no tag, and merge with the image of another builder", async (name) => {
    const [own, digests] = [`${repository}/mixed-${name}`, join(directory, `mixed-${name}`)];
    const jobInputs = { assembly: "backend", "push-by-digest": "true", "digest-file": digests, tags: own };
    const amd64 = await make(name, { ...jobInputs, platforms: "linux/amd64" });
    const arm64 = await make("buildctl", { ...jobInputs, platforms: "linux/arm64" });
    expect(await tagsOf(own)).toEqual([]);
    await succeed({ "digests-from": digests, tags: `${own}:merged` }, BARE, "merge");
    const { manifest } = await heldBy<Index>(`${own}:merged`);
    expect(manifest.manifests.map(({ digest }) => digest)).toEqual([amd64["digest"], arm64["digest"]]);
  });

  it("while it is loaded too, is read back by the digest of its layout", async () => {
    const tags = `${repository}/loaded:1`;
    const outputs = await make("buildx", { assembly: "backend", "push-by-digest": "true", load: "true", tags });
    expect((await heldBy(`${repository}/loaded@${outputs["digest"]}`)).digest).toBe(outputs["digest"]);
  });
});

describe("images of jobs that are assembled directly", () => {
  it("under staging tags make, merged, the index of all platforms in one step", async () => {
    const own = `${repository}/direct`;
    const staged = PLATFORMS.map((platform) => `${own}:staging-${platform.replace("/", "-")}`);
    for (const [index, platforms] of PLATFORMS.entries()) {
      await make("buildctl", { assembly: "direct", push: "true", tags: staged[index] ?? "", platforms });
    }
    const all = { assembly: "direct", push: "true", platforms: PLATFORMS.join(",") };
    const native = await make("buildctl", { ...all, tags: `${own}:native` });
    const merged = await succeed({ sources: staged.join("\n"), tags: `${own}:merged` }, BARE, "merge");
    expect(merged["digest"]).toBe(native["digest"]);
    expect((await heldBy<Index>(`${own}:merged`)).digest).toBe(native["digest"]);
  });

  it("by digest have no tag", async () => {
    const own = `${repository}/direct-by-digest`;
    const inputs = { assembly: "direct", "push-by-digest": "true", tags: own, "environment-cache": "off" };
    const outputs = await make("buildctl", inputs);
    expect((await heldBy(`${own}@${outputs["digest"]}`)).digest).toBe(outputs["digest"]);
    expect(await tagsOf(own)).toEqual([]);
  });
});
