/** Image streaming of GKE and of Batch refuses images with empty layers, and with a layer twice. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BACKENDS, type BackendName, type Lab, openLab } from "./backends.ts";
import { heldBy, type ImageConfig } from "./image.ts";
import { type Inputs, succeed } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

let lab: Lab;
/** One whose commands leave something behind, and one whose commands leave nothing. */
let tiny: TinyBento;
let idle: TinyBento;
let name: string;

beforeAll(async () => {
  lab = await openLab();
  tiny = await unpackTiny({ commands: ["echo made > /made"] });
  idle = await unpackTiny({ commands: ["true"] });
  name = `layers/${randomUUID()}`;
  await pushTinyBase(lab);
});

afterAll(async () => {
  for (const { home } of [tiny, idle]) await rm(home, { recursive: true });
});

async function blob(digest: string): Promise<Uint8Array> {
  const answer = await fetch(`http://${lab.registry}/v2/${name}/blobs/${digest}`);
  if (!answer.ok) throw new Error(`${digest}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Paths in a layer, whatever its compression. */
async function pathsIn(digest: string): Promise<readonly string[]> {
  const bytes = await blob(digest);
  const unpacked = bytes[0] === 0x1f ? "-tzf" : "-tf";
  const listing = promisify(execFile)("tar", [unpacked, "-"], { maxBuffer: 1 << 26 });
  listing.child.stdin?.end(bytes);
  return (await listing).stdout.split("\n").filter((line) => line !== "");
}

async function push(backend: BackendName, { bento, home }: TinyBento, inputs: Inputs) {
  const tag = `${backend}-${randomUUID()}`;
  const { inputs: own, env } = lab.backends[backend];
  const common = { bento, "bentoml-home": home, push: "true", tags: `${lab.registry}/${name}:${tag}` };
  await succeed({ ...own, ...common, ...inputs }, env);
  const { manifest } = await heldBy(`${lab.registry}/${name}:${tag}`);
  const config: ImageConfig = JSON.parse(Buffer.from(await blob(manifest.config.digest)).toString());
  return { manifest, config };
}

async function check({ manifest, config }: Awaited<ReturnType<typeof push>>): Promise<void> {
  const layers = manifest.layers.map(({ digest }) => digest);
  for (const layer of layers) expect(await pathsIn(layer), layer).not.toEqual([]);
  expect(new Set(layers).size).toBe(layers.length);
  expect(new Set(config.rootfs.diff_ids).size).toBe(layers.length);
  expect(config.config["WorkingDir"]).toBe("/home/bentoml/bento");
}

describe("No layer is empty and none is there twice", () => {
  it.each(BACKENDS)("in an image that %s makes as a whole", async (backend) => {
    await check(await push(backend, tiny, { assembly: "backend", "no-cache": "true" }));
  });

  it.each(["buildctl", "podman"] as const)(
    "in one on an environment by %s, with a step that leaves nothing",
    async (backend) => {
      const first = await push(backend, idle, { assembly: "direct", "no-cache": "true" });
      await check(first);
      // On the environment that is known now.
      const again = await push(backend, idle, { assembly: "direct" });
      expect(again.manifest).toEqual(first.manifest);
    },
  );
});
