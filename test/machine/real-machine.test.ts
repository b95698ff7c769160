import { once } from "node:events";
import { expect, it, onTestFinished, vi } from "vitest";
import { TimeOver } from "../../src/errors.ts";
import { realWorld } from "../../src/machine/real-machine.ts";

function open() {
  const before = process.listenerCount("SIGTERM");
  const world = realWorld();
  onTestFinished(() => world.dispose());
  return { world, before };
}

it("ends with its time, and says so", async () => {
  const { world } = open();
  world.cancelAfter(1);
  await once(world.signal, "abort");
  expect(world.signal.reason).toEqual(new TimeOver(1));
});

it("waits as long as it is told to, also beyond what one timer can", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { world } = open();
  const minutes = 40_000 * 60_000;
  world.cancelAfter(minutes);
  await vi.advanceTimersByTimeAsync(minutes - 1);
  expect(world.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(`${world.signal.reason}`).toBe("its time was over: the input timeout is 40000 min");
});

it.each(["SIGINT", "SIGTERM"] as const)("turns %s into a cancel, once it is there", async (signal) => {
  const { world, before } = open();
  process.emit(signal, signal);
  expect([world.signal.aborted, world.signal.reason]).toEqual([true, signal]);
  await world.dispose();
  expect(process.listenerCount("SIGTERM")).toBe(before);
});

it.each([
  "INPUT_SECRETS",
  "STATE_engine",
  "ACTIONS_RUNTIME_TOKEN",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  "ACTIONS_ID_TOKEN_REQUEST_URL",
])("shows %s to no child", async (name) => {
  process.env[name] = "hush";
  onTestFinished(() => void delete process.env[name]);
  const { world } = open();
  for (const stdin of [{}, { stdin: "" }]) {
    const answer = await world.processes.ask({ tool: "env", args: [], ...stdin });
    expect(answer.stdout).toContain("PATH=");
    expect(answer.stdout).not.toContain("hush");
  }
  expect((await world.processes.capture({ tool: "env", args: [] })).stdout).not.toContain("hush");
  expect(world.env[name]).toBe("hush");
});
