import { readFile } from "node:fs/promises";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { tinyImage } from "../fakes/image.ts";
import { type FakeRegistry, startFakeRegistry } from "../fakes/registry.ts";
import { runSmallAction } from "./small-action.ts";

const JOB_IMAGES = ["amd64", "arm64"].map((architecture) => ({ architecture, image: tinyImage("iris", architecture) }));

let registry: FakeRegistry;
let name: string;

beforeEach(async () => {
  registry = await startFakeRegistry();
  onTestFinished(() => registry.close());
  name = `${registry.host}/acme/iris`;
  const blobs = JOB_IMAGES.flatMap(({ image }) => [image.config, ...image.layers]);
  registry.blobs.set("acme/iris", new Map(blobs.map(({ digest, bytes }) => [digest, bytes])));
  registry.manifests.set(
    "acme/iris",
    new Map(JOB_IMAGES.map(({ image: { manifest } }) => [manifest.digest, manifest])),
  );
});

/** The digest files of the matrix jobs, as they are downloaded. */
function digestFiles(changes: object = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    JOB_IMAGES.map(({ architecture, image }, index) => {
      const facts = { digest: image.manifest.digest, repositories: [name], platforms: [`linux/${architecture}`] };
      const others = { bento: "iris:v1", revision: "c0ffee", ...(index === 0 ? {} : changes) };
      return [`digests/${architecture}/iris.json`, JSON.stringify({ ...facts, ...others })];
    }),
  );
}

describe("the merge", () => {
  it("tells what the registry holds in every output of its action.yml, without any program on PATH", async () => {
    const inputs = {
      "digests-from": "digests",
      tags: `${name}:1\n${name}:latest`,
      platforms: "linux/arm64,linux/amd64",
    };
    const run = await runSmallAction("merge", inputs, digestFiles());
    expect([run.code, run.failure]).toEqual([0, undefined]);
    const manifest = await readFile(new URL("../../merge/action.yml", import.meta.url), "utf8");
    const declared = manifest.slice(manifest.indexOf("\noutputs:"), manifest.indexOf("\nruns:"));
    expect([...run.outputs.keys()]).toEqual([...declared.matchAll(/^ {2}([a-z]+):$/gm)].map(([, output]) => output));
    const { manifests } = JSON.parse(registry.manifests.get("acme/iris")?.get("latest")?.bytes.toString() ?? "");
    expect(manifests.map(({ digest }: { digest: string }) => digest)).toEqual(
      JOB_IMAGES.toReversed().map(({ image }) => image.manifest.digest),
    );
    const digest = run.outputs.get("digest") ?? "";
    expect(registry.manifests.get("acme/iris")?.has(digest)).toBe(true);
    expect(run.outputs.get("image")).toBe(`${name}@${digest}`);
    expect(run.summary).toContain(digest);
    expect([run.workspace, run.temporary]).toEqual([["digests"], []]);
  });

  it("has no summary when none is wanted", async () => {
    const inputs = { "digests-from": "digests", tags: `${name}:1`, summary: "false" };
    expect((await runSmallAction("merge", inputs, digestFiles())).summary).toBe("");
  });
});

describe("a merge that fails tells why, and leaves neither tag nor output", () => {
  it.each([
    ["without the image of any job", {}, {}, /^\[input\]/, "digests, digests-from, sources"],
    [
      "a missing platform",
      { "digests-from": "digests", platforms: "linux/amd64,linux/arm64,linux/s390x" },
      {},
      /^\[input\]/,
      "linux/s390x is missing",
    ],
    ["another commit", { "digests-from": "digests" }, { revision: "deadbeef" }, /^\[input\]/, "differ in their commit"],
    ["a directory that is not there", { "digests-from": "nowhere" }, {}, /^\[input\]/, "nowhere"],
  ] as const)("%s", async (_, inputs, changes, failure, told) => {
    const run = await runSmallAction("merge", { tags: `${name}:1`, ...inputs }, digestFiles(changes));
    expect([run.code, run.outputs.size]).toEqual([1, 0]);
    expect(run.failure).toMatch(failure);
    expect(run.log).toContain(told);
    expect(registry.manifests.get("acme/iris")?.has("1")).toBe(false);
  });

  it("a registry that refuses the tag", async () => {
    registry.quirks.refusedTags = "1";
    const run = await runSmallAction("merge", { "digests-from": "digests", tags: `${name}:1` }, digestFiles());
    expect([run.code, run.outputs.size]).toEqual([1, 0]);
    expect(run.failure).toMatch(/^\[registry|^\[auth/);
    expect(run.log).toContain(`${name}:1: not changed`);
  });
});

describe("hostile values", () => {
  it("of digest files end the merge, and speak no commands to the runner", async () => {
    const files = digestFiles({ bento: "iris:v2\n::set-output name=digest::x\n%0A::error::no $(touch pwned)" });
    const run = await runSmallAction("merge", { "digests-from": "digests", tags: `${name}:1` }, files);
    expect(run.code).toBe(1);
    expect(run.log).not.toMatch(/^::(?:set-output|error::no)/m);
    expect(run.workspace).toEqual(["digests"]);
  });

  it("of annotations reach the index as they are, and nothing else", async () => {
    const hostile = '$(touch pwned) `touch pwned` %0A ::error::x" \\';
    const inputs = { "digests-from": "digests", tags: `${name}:1`, annotations: `note=${hostile}` };
    const run = await runSmallAction("merge", inputs, digestFiles());
    expect(run.code).toBe(0);
    const { annotations } = JSON.parse(registry.manifests.get("acme/iris")?.get("1")?.bytes.toString() ?? "");
    expect(annotations).toEqual({ note: hostile });
    expect(run.log).not.toMatch(/^::error/m);
    expect(run.workspace).toEqual(["digests"]);
  });
});
