import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Failure, TimeOver } from "../../src/errors.ts";
import { errorFrom, sendable } from "../../src/world/answer.ts";
import { realWorkers } from "../../src/world/workers.ts";

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

/** A job that hashes a file of this many bytes, a hole. */
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
  return { kind: "files", files: [entry] };
}

/** Hashing it would take longer than any test. */
const ENDLESS = 2 ** 43;

describe("jobs", () => {
  it("are done by threads, more of them than there are threads", async () => {
    const { root, workers } = await setUp();
    const job = await jobOf(join(root, "file"), 0);
    const empty = ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"];
    expect(await Promise.all(Array.from({ length: 5 }, () => workers.run(job)))).toEqual(Array(5).fill(empty));
  });

  it("fail with the failure that they met, and the thread goes on", async () => {
    const { root, workers } = await setUp(1);
    const job = await jobOf(join(root, "file"), 10);
    await writeFile(join(root, "file"), "other");
    const failure = await workers.run(job).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({
      class: "bento",
      code: "ContentChanged",
      message: expect.stringContaining(join(root, "file")),
      hint: expect.stringContaining("Build when"),
    });
    expect(await workers.run(await jobOf(join(root, "good"), 0))).toHaveLength(1);
  });

  it("fail as themselves when no thread can take them", async () => {
    const { root, workers } = await setUp(1);
    await expect(workers.run({ kind: () => "no value" })).rejects.toThrow("could not be cloned");
    expect(await workers.run(await jobOf(join(root, "good"), 0))).toHaveLength(1);
  });
});

describe("a cancel", () => {
  it("ends jobs that run and jobs that wait", async () => {
    const { root, workers, cancellation } = await setUp(1);
    const job = await jobOf(join(root, "endless"), ENDLESS);
    const jobs = [workers.run(job), workers.run(job)];
    setTimeout(() => cancellation.abort("SIGTERM"), 200);
    for (const outcome of await Promise.allSettled(jobs)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { class: "cancelled" } });
    }
  });

  it("lets no job start", async () => {
    const { root, workers, cancellation } = await setUp();
    cancellation.abort(new TimeOver(60_000));
    await expect(workers.run(await jobOf(join(root, "endless"), ENDLESS))).rejects.toMatchObject({
      class: "cancelled",
      message: expect.stringContaining("timeout"),
    });
  });

  it("that comes while a thread starts ends it too", async () => {
    const { root, workers, cancellation } = await setUp();
    const running = workers.run(await jobOf(join(root, "endless"), ENDLESS));
    cancellation.abort("SIGINT");
    await expect(running).rejects.toMatchObject({ class: "cancelled" });
  });
});

it("threads that are disposed of leave no job behind, nor start the next", async () => {
  const { root, workers } = await setUp(1);
  const job = await jobOf(join(root, "endless"), ENDLESS);
  const jobs = [workers.run(job), workers.run(job)];
  setTimeout(() => void workers.dispose(), 200);
  for (const outcome of await Promise.allSettled(jobs)) {
    expect(outcome).toMatchObject({ status: "rejected", reason: { class: "internal" } });
  }
});

describe("an error", () => {
  it("crosses between threads as the Failure it is", () => {
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
