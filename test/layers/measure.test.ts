import { appendFile, utimes } from "node:fs/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { type HashJob, performHash } from "../../src/layers/hash.ts";
import type { Encoding, LayerEntry, LayerPlan } from "../../src/layers/layer.ts";
import { blobOf, tarOf } from "../../src/layers/layer-bytes.ts";
import { measureLayer } from "../../src/layers/measure.ts";
import type { Workers } from "../../src/machine/machine.ts";
import { realWorkers } from "../../src/machine/workers.ts";
import {
  bytesOf,
  directory,
  makeTestDirectory,
  noise,
  planOf,
  sha256,
  type TestDirectory,
  text,
} from "../assembly/plans.ts";

const MEBIBYTE = 2 ** 20;

/** Workers that count their jobs. */
function makeWorkers(width: number): Workers & { readonly jobs: unknown[] } {
  const workers = realWorkers(width, new AbortController().signal);
  onTestFinished(() => workers.dispose());
  const jobs: unknown[] = [];
  return {
    width,
    jobs,
    run(job) {
      jobs.push(job);
      return workers.run(job);
    },
  };
}

/** A layer of all kinds of files, and of `more` small ones: opening many files makes a worker thread worthwhile. */
async function makeLayer({ write }: TestDirectory, more: number): Promise<LayerPlan> {
  return planOf(
    directory("home"),
    await write("home/b.bin", noise(2 * MEBIBYTE + 1)),
    await write("home/a.bin", noise(1000, "a")),
    await write("home/empty", ""),
    await write("home/with \\ and\nbreak", "hostile"),
    ...manyFiles(more),
  );
}

function manyFiles(count: number): readonly LayerEntry[] {
  return Array.from({ length: count }, (_, index) => text(`home/${index}`, `in the plan, ${index}\n`));
}

const ENCODINGS: readonly Encoding[] = [
  { kind: "none" },
  { kind: "stored" },
  { kind: "gzip", level: 1 },
  { kind: "zstd", level: 3 },
];

describe.each([
  ["a small layer, in this thread", 1, 2, false],
  ["a layer worth a thread, in two", 150, 2, true],
  ["a layer worth a thread, on a machine of four", 150, 4, true],
  ["a layer worth a thread, on a machine of one", 150, 1, true],
] as const)("%s", (_, more, width, inThreads) => {
  it.each(ENCODINGS)("gets the digests of its bytes as $kind", async (encoding) => {
    const place = await makeTestDirectory();
    const plan = await makeLayer(place, more);
    const workers = makeWorkers(width);
    const measured = await measureLayer(plan, encoding, { files: place.files, workers });
    const blob = await bytesOf(blobOf(plan, encoding, place.files.enclosed));
    expect(measured).toEqual({
      plan,
      encoding,
      diffId: sha256(await bytesOf(tarOf(plan, place.files.enclosed))),
      digest: sha256(blob),
      size: blob.length,
    });
    expect(workers.jobs.length > 0).toBe(inThreads);
  });

  it("is not measured when a file differs from the plan", async () => {
    const place = await makeTestDirectory();
    const changed = await place.write("model.bin", "weights");
    const plan = planOf(changed, ...manyFiles(more));
    const setting = { files: place.files, workers: makeWorkers(width) };
    await appendFile(changed.on, "+");
    const failure = { class: "bento", code: "ContentChanged", message: expect.stringContaining(changed.on) };
    await expect(measureLayer(plan, { kind: "stored" }, setting)).rejects.toMatchObject(failure);
  });
});

it("A layer of many small files is hashed in a worker thread", async () => {
  const place = await makeTestDirectory();
  const workers = makeWorkers(2);
  await measureLayer(planOf(...manyFiles(200)), { kind: "stored" }, { files: place.files, workers });
  expect(workers.jobs).toHaveLength(2);
});

it("A file that is modified between the reads for tar and blob is a failure", async () => {
  const place = await makeTestDirectory();
  const entry = await place.write("model.bin", "weights");
  await utimes(entry.on, 1, 1);
  // Two threads, the second one delayed.
  const workers: Workers = {
    width: 2,
    async run(job) {
      const { kind } = job as HashJob;
      if (kind === "blob") await tar.promise;
      const result = await performHash(job as HashJob, place.files.enclosed);
      if (kind === "tar") await place.files.write(entry.on, "WEIGHTS", 0o644);
      tar.resolve();
      return result;
    },
  };
  const tar = Promise.withResolvers<void>();
  const measured = measureLayer(planOf(entry, ...manyFiles(150)), { kind: "stored" }, { files: place.files, workers });
  await expect(measured).rejects.toMatchObject({
    code: "ContentChanged",
    message: "model iris:1 changed while its layer was created: it was modified while it was read",
  });
});
