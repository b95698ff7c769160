/**
 * How much memory does pushing a big layer take? `node test/bench/push-memory.ts [GiB]` pushes a sparse file to a server
 * that throws it away and prints the resident memory at rest and its peak. The layer's digest is made up: nothing reads
 * the bytes but the connection.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf, hexOf } from "../../src/image/digest.ts";
import { parseReference } from "../../src/image/reference.ts";
import { OCI_MANIFEST } from "../../src/registry/media-types.ts";
import { openRegistry } from "../../src/registry/registry.ts";
import { realWorld } from "../../src/world/real.ts";

const GIB = 2 ** 30;
const MIB = 2 ** 20;

async function discard(): Promise<void> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      if (request.method === "HEAD") response.writeHead(404);
      if (request.method === "POST") response.writeHead(202, { location: `${request.url}session` });
      if (request.method === "PUT") response.writeHead(201);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.send?.((server.address() as AddressInfo).port);
}

async function writeLayout(directory: string, size: number): Promise<void> {
  const blobs = join(directory, "blobs/sha256");
  await mkdir(blobs, { recursive: true });
  const layer = { mediaType: "application/vnd.oci.image.layer.v1.tar", digest: digestOf("made up"), size };
  await using file = await open(join(blobs, hexOf(layer.digest)), "w");
  await file.truncate(size);
  const config = await writeBlob(
    blobs,
    "application/vnd.oci.image.config.v1+json",
    '{"os":"linux","architecture":"amd64"}',
  );
  const manifest = await writeBlob(blobs, OCI_MANIFEST, JSON.stringify({ schemaVersion: 2, config, layers: [layer] }));
  await writeFile(join(directory, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
}

async function writeBlob(blobs: string, mediaType: string, content: string) {
  const digest = digestOf(content);
  await writeFile(join(blobs, hexOf(digest)), content);
  return { mediaType, digest, size: Buffer.byteLength(content) };
}

async function measure(gibibytes: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "push-memory-"));
  const server = fork(import.meta.filename, ["--discard"]);
  const world = realWorld();
  try {
    await writeLayout(directory, gibibytes * GIB);
    const [port] = await once(server, "message");
    const rest = process.memoryUsage.rss();
    let peak = rest;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
    }, 20);
    const start = performance.now();
    await openRegistry(world).pushLayout(directory, [parseReference(`127.0.0.1:${port}/bench/push:1`)]);
    const seconds = (performance.now() - start) / 1000;
    clearInterval(watch);
    const speed = Math.round((gibibytes * 1024) / seconds);
    console.log(
      `${gibibytes} GiB: ${seconds.toFixed(1)} s, ${speed} MiB/s, resident ${Math.round(rest / MIB)} MiB at rest, ${Math.round(peak / MIB)} MiB at most`,
    );
  } finally {
    server.kill();
    await world.dispose();
    await rm(directory, { recursive: true });
  }
}

if (process.argv.includes("--discard")) await discard();
else await measure(Number(process.argv[2] ?? 3));
