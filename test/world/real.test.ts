import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import { realWorld } from "../../src/world/real.ts";

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
  expect(world.signal.reason).toBe("timeout");
});

it.each(["SIGINT", "SIGTERM"] as const)("turns %s into a cancel, once it is there", async (signal) => {
  const { world, before } = open();
  process.emit(signal, signal);
  expect([world.signal.aborted, world.signal.reason]).toEqual([true, signal]);
  await world.dispose();
  expect(process.listenerCount("SIGTERM")).toBe(before);
});

it("shows the inputs to no child", async () => {
  process.env["INPUT_SECRETS"] = "TOKEN=hush";
  onTestFinished(() => void delete process.env["INPUT_SECRETS"]);
  const { world } = open();
  const answer = await world.processes.capture({ tool: "env", args: [] });
  expect(answer.stdout).toContain("PATH=");
  expect(answer.stdout).not.toContain("hush");
  expect(world.env["INPUT_SECRETS"]).toBe("TOKEN=hush");
});
