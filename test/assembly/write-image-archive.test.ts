import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import type { AssembledImage } from "../../src/assembly/assembled-image.ts";
import type { ImageArchive } from "../../src/assembly/request.ts";
import { writeImageArchive } from "../../src/assembly/write-image-archive.ts";
import { openArchive } from "../../src/layout/archive.ts";
import { imageOf } from "../../src/layout/layout.ts";
import { realFiles } from "../../src/machine/files.ts";
import { hexOf } from "../../src/oci/digest.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { readTar } from "../../src/tar/reader.ts";
import { tinyImage } from "../fakes/image.ts";
import { testMachine } from "../registry/fixture.ts";

const { manifest, config, layers } = tinyImage();
const [layer = manifest] = layers;
const NAMES = [parseReference("iris:1"), parseReference("ghcr.io/acme/iris:2")];

function image(layerBytes = layer.bytes): AssembledImage {
  const root = { descriptor: { ...manifest, annotations: {} }, bytes: manifest.bytes };
  return {
    root,
    documents: [root],
    content: {
      place: "the assembled image",
      document: async ({ digest }) => [manifest, config].find((one) => one.digest === digest)?.bytes ?? expect.fail(),
      blob: async ({ digest }) => Readable.from([digest === config.digest ? config.bytes : layerBytes]),
    },
  };
}

/** Writes the archive into a directory that is removed after the test. */
async function write(kind: ImageArchive["kind"], written = image()): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "bento-archive-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "new", "image.tar");
  await writeImageArchive(written, NAMES, { kind, path }, 315_619_200, testMachine());
  return path;
}

async function membersOf(path: string): Promise<Readonly<Record<string, string>>> {
  const members: Record<string, string> = {};
  for await (const { path: name, content } of readTar(realFiles(tmpdir()).source(path)))
    members[name] = await text(content);
  return members;
}

const at = (digest: typeof manifest.digest): string => `blobs/sha256/${hexOf(digest)}`;

it("An OCI archive is a layout with the exact bytes, and every full name", async () => {
  const path = await write("oci-archive");
  const members = await membersOf(path);
  expect(Object.keys(members)).toEqual([
    "oci-layout",
    "index.json",
    ...[manifest, config, layer].map(({ digest }) => at(digest)),
  ]);
  expect(members[at(layer.digest)]).toBe(layer.bytes.toString());
  const archive = await openArchive(realFiles(tmpdir()), path);
  expect(archive.images.map(({ annotations }) => annotations)).toEqual(
    ["docker.io/library/iris:1", "ghcr.io/acme/iris:2"].map((name) => ({
      "io.containerd.image.name": name,
      "org.opencontainers.image.ref.name": name,
    })),
  );
  expect(imageOf(archive, "ghcr.io/acme/iris:2").digest).toBe(manifest.digest);
});

it("A docker archive also has the list that docker load reads", async () => {
  const members = await membersOf(await write("docker-archive"));
  expect(JSON.parse(members["manifest.json"] ?? "")).toEqual([
    { Config: at(config.digest), RepoTags: ["iris:1", "ghcr.io/acme/iris:2"], Layers: [at(layer.digest)] },
  ]);
  expect(Object.keys(members)).toContain("index.json");
});

it("The same image gives the same bytes", async () => {
  const [one, other] = await Promise.all(
    ["docker-archive", "docker-archive"].map((kind) => write(kind as "docker-archive")),
  );
  expect(await readFile(one ?? "")).toEqual(await readFile(other ?? ""));
});

it("A layer that is not what its digest says fails the archive", async () => {
  const wrong = image(Buffer.from("x".repeat(layer.size)));
  await expect(write("oci-archive", wrong)).rejects.toMatchObject({ class: "network", code: "DigestMismatch" });
});
