import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Failure, TimeOver } from "../../src/errors.ts";
import { errorFrom, sendable } from "../../src/machine/answer.ts";
import { realWorkers } from "../../src/machine/workers.ts";

async function setUp(width = 2) {
  const root = await mkdtemp(join(tmpdir(), "workers-"));
  const cancellation = new AbortController();
  const workers = realWorkers(width, cancellation.signal);
  onTestFinished(async () => {
    await workers.dispose();
    await rm(root, { recursive: true, force: true });
  });
  return { root, cancellation, workers };
}

/** A job that hashes a sparse file of this many bytes. */
async function jobOf(path: string, size: number) {
  await using file = await open(path, "w");
  await file.truncate(size);
  const entry = {
    kind: "file",
    path: "a",
    mode: 0o644,
    owner: { uid: 0, gid: 0 },
    size,
    source: { kind: "path", path },
  };
  return { kind: "tar", plan: { title: "a layer", entries: [entry], epoch: 0 } };
}

/** Hashing it would take longer than any test. */
const ENDLESS = 2 ** 43;

describe("Jobs", () => {
  it("are run by threads, also if there are more jobs than threads", async () => {
    const { root, workers } = await setUp();
    const job = await jobOf(join(root, "file"), 0);
    const digests = await Promise.all(Array.from({ length: 5 }, () => workers.run(job)));
    const hash = { digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), newest: expect.any(Number) };
    expect(digests).toEqual(Array(5).fill(hash));
    expect(new Set(digests.map((found) => JSON.stringify(found))).size).toBe(1);
  });

  it("fail with their own failure, and the thread runs further jobs", async () => {
    const { root, workers } = await setUp(1);
    const job = await jobOf(join(root, "file"), 10);
    await writeFile(join(root, "file"), "other");
    const failure = await workers.run(job).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({
      class: "bento",
      code: "ContentChanged",
      message: expect.stringContaining(join(root, "file")),
      hint: expect.stringContaining("Run the build when"),
    });
    expect(await workers.run(await jobOf(join(root, "good"), 0))).toMatchObject({ newest: expect.any(Number) });
  });

  it("fail if no thread can run them", async () => {
    const { root, workers } = await setUp(1);
    await expect(workers.run({ kind: () => "no value" })).rejects.toThrow("could not be cloned");
    expect(await workers.run(await jobOf(join(root, "good"), 0))).toMatchObject({ newest: expect.any(Number) });
  });
});

describe("a cancel", () => {
  it("ends running and waiting jobs", async () => {
    const { root, workers, cancellation } = await setUp(1);
    const job = await jobOf(join(root, "endless"), ENDLESS);
    const jobs = [workers.run(job), workers.run(job)];
    setTimeout(() => cancellation.abort("SIGTERM"), 200);
    for (const outcome of await Promise.allSettled(jobs)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { class: "cancelled" } });
    }
  });

  it("prevents further jobs from starting", async () => {
    const { root, workers, cancellation } = await setUp();
    cancellation.abort(new TimeOver(60_000));
    await expect(workers.run(await jobOf(join(root, "endless"), ENDLESS))).rejects.toMatchObject({
      class: "cancelled",
      message: expect.stringContaining("timeout"),
    });
  });

  it("during the start of a thread ends the thread", async () => {
    const { root, workers, cancellation } = await setUp();
    const running = workers.run(await jobOf(join(root, "endless"), ENDLESS));
    cancellation.abort("SIGINT");
    await expect(running).rejects.toMatchObject({ class: "cancelled" });
  });
});

it("Disposed threads end their jobs and start no further ones", async () => {
  const { root, workers } = await setUp(1);
  const job = await jobOf(join(root, "endless"), ENDLESS);
  const jobs = [workers.run(job), workers.run(job)];
  setTimeout(() => void workers.dispose(), 200);
  for (const outcome of await Promise.allSettled(jobs)) {
    expect(outcome).toMatchObject({ status: "rejected", reason: { class: "internal" } });
  }
});

describe("An error", () => {
  it("stays a Failure when it is sent between threads", () => {
    const details = { code: "X", lines: ["a", "b"], hint: "do", position: { file: "f", line: 3 } };
    const crossed = errorFrom(structuredClone(sendable(new Failure("disk", "full", details))));
    expect(crossed).toBeInstanceOf(Failure);
    expect(crossed).toMatchObject({ class: "disk", message: "full", ...details });
  });

  it("of Node keeps its code", () => {
    const error = Object.assign(new Error("denied"), { code: "EACCES" });
    expect(errorFrom(structuredClone(sendable(error)))).toMatchObject({ message: "denied", code: "EACCES" });
    expect(errorFrom(structuredClone(sendable("thrown")))).toMatchObject({ message: "thrown" });
  });
});
