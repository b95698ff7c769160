import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { IMAGE_BACKENDS, makeJob } from "./job.ts";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A process that was killed is a zombie until init takes it. */
/** Init may take a moment to see that a process without a parent has ended. */
async function gone(pid: number): Promise<boolean> {
  for (let left = 500; left > 0 && isAlive(pid); left -= 1) await sleep(20);
  return !isAlive(pid);
}

describe.each(["SIGINT", "SIGTERM"] as const)("%s", (signal) => {
  it.each(IMAGE_BACKENDS)("ends %s, what it started, and the run", async (backend) => {
    const job = await makeJob({ hangs: "build" });
    const { child, outcome } = job.start({ backend, secrets: "TOKEN=hush", output: "oci:image" });
    const pids = await job.hanging();
    child.kill(signal);
    const run = await outcome;
    expect([run.code, run.signal]).toEqual([1, null]);
    expect(run.failure).toMatch(/^\[cancelled\]/);
    expect(run.leftovers).toEqual([]);
    for (const pid of pids) expect(await gone(pid)).toBe(true);
  });

  it("ends a probe that hangs", async () => {
    const job = await makeJob({ hangs: "probe" });
    const { child, outcome } = job.start({ backend: "docker" });
    const pids = await job.hanging();
    child.kill(signal);
    const run = await outcome;
    expect([run.code, run.failure]).toEqual([1, expect.stringMatching(/^\[cancelled\]/)]);
    for (const pid of pids) expect(await gone(pid)).toBe(true);
  });
});

describe("a cancelled run", () => {
  it("kills what does not listen", async () => {
    const job = await makeJob({ hangs: "deaf" });
    const { child, outcome } = job.start({ backend: "podman" });
    const pids = await job.hanging();
    child.kill("SIGINT");
    expect((await outcome).failure).toMatch(/^\[cancelled\]/);
    for (const pid of pids) expect(await gone(pid)).toBe(true);
  });

  it("starts nothing more", async () => {
    const job = await makeJob({ hangs: "build" });
    const { child, outcome } = job.start({ backend: "nerdctl", load: "true", output: "oci:image" });
    await job.hanging();
    child.kill("SIGINT");
    expect((await outcome).builds).toHaveLength(1);
  });

  it("bears both signals, as the runner sends them", async () => {
    const job = await makeJob({ hangs: "build" });
    const { child, outcome } = job.start({ backend: "docker" });
    await job.hanging();
    child.kill("SIGINT");
    child.kill("SIGTERM");
    const run = await outcome;
    expect([run.code, run.leftovers]).toEqual([1, []]);
  });
});
