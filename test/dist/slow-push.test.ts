/** A direct push of a big model to a slow registry, by the bundle: what the log says meanwhile, compared with what comes. */
import { createHash } from "node:crypto";
import { truncate, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, request as open, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { unpackFixture } from "../bento/fixtures.ts";
import { tinyImage } from "../fakes/image.ts";
import { type FakeRegistry, startFakeRegistry } from "../fakes/registry.ts";
import { makeJob } from "./job.ts";

const MODEL = 2 ** 31;
const BYTES_PER_SECOND = 50_000_000;
const REPOSITORY = "acme/iris";

/** Times in milliseconds. */
interface Upload {
  readonly start: number;
  readonly end: number;
}

/** The fake registry behind a link of this speed. What it could not keep in memory is only counted and hashed. */
async function startSlowRegistry(): Promise<{ readonly host: string; readonly uploaded: Promise<Upload> }> {
  const registry = await startFakeRegistry();
  const uploaded = Promise.withResolvers<Upload>();
  const server = createServer(async (request, response) => {
    if (Number(request.headers["content-length"] ?? 0) < MODEL) return forward(request, response, registry);
    const hash = createHash("sha256");
    const start = performance.now();
    let received = 0;
    for await (const piece of request) {
      hash.update(piece);
      received += piece.length;
      const early = (received / BYTES_PER_SECOND) * 1000 - (performance.now() - start);
      // A timer is late by more than a piece takes.
      if (early > 20) await sleep(early);
    }
    uploaded.resolve({ start, end: performance.now() });
    const blobs = registry.blobs.get(REPOSITORY) ?? new Map();
    registry.blobs.set(REPOSITORY, blobs.set(`sha256:${hash.digest("hex")}`, Buffer.alloc(0)));
    response.writeHead(201).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await registry.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  registry.quirks.uploadHost = `http://${host}`;
  registry.manifests.set("library/python", new Map([["3.11-slim", tinyImage("base").manifest]]));
  return { host, uploaded: uploaded.promise };
}

function forward(request: IncomingMessage, response: ServerResponse, { host }: FakeRegistry): void {
  const { method, headers, url } = request;
  const sent = open(`http://${host}${url}`, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  sent.on("error", () => response.destroy());
  request.pipe(sent);
}

function secondsOf(duration: string): number {
  const [, minutes = "0", seconds = "0"] = /^(?:(\d+) min)? ?(?:([\d.]+) s)?$/.exec(duration) ?? [];
  return Number(minutes) * 60 + Number(seconds);
}

it("shows at least four lines whose time left comes true", { tags: ["long"], timeout: 180_000 }, async () => {
  const { host, uploaded } = await startSlowRegistry();
  const job = await makeJob();
  await unpackFixture(job.home, "good/sklearn/home.tar.gz");
  const weights = join(job.home, "models/iris_tree/bhba7qxfjwjd2ax4/weights.bin");
  await writeFile(weights, "");
  await truncate(weights, MODEL);

  const { child, outcome } = job.start({
    bento: "iris_classifier",
    tags: `${host}/${REPOSITORY}:1`,
    push: "true",
    platforms: "linux/amd64",
    compression: "none",
    "registry-mirrors": `docker.io=${host}`,
  });
  const shown: { readonly at: number; readonly left: number }[] = [];
  createInterface({ input: child.stdout ?? expect.fail("no output") }).on("line", (line) => {
    const [, left] = /^uploading models .* of 2\.1 GB, \d+ %, [\d.]+ MB\/s, (.*) left$/.exec(line) ?? [];
    if (left !== undefined) shown.push({ at: performance.now(), left: secondsOf(left) });
  });
  const { start, end } = await uploaded;
  const { code, log } = await outcome;

  expect([code, log]).toEqual([0, expect.stringMatching(/^model iris_tree:\S+ \(weights\.bin\): uploading 2\.1 GB$/m)]);
  // Otherwise this machine is too busy to be such a link, and nobody can foresee its speed.
  expect((end - start) / 1000).toBeLessThan((1.2 * MODEL) / BYTES_PER_SECOND);
  expect(shown.length).toBeGreaterThanOrEqual(4);
  for (const { at, left } of shown) {
    const truth = (end - at) / 1000;
    // Whole seconds are shown, so the last ones cannot be told more exactly.
    expect(Math.abs(left - truth)).toBeLessThan(Math.max(0.3 * truth, 1));
  }
});
