import { once } from "node:events";
import { expect, it, onTestFinished, vi } from "vitest";
import { TimeOver } from "../../src/errors.ts";
import { realMachine } from "../../src/machine/real-machine.ts";

function open() {
  const before = process.listenerCount("SIGTERM");
  const machine = realMachine();
  onTestFinished(() => machine.dispose());
  return { machine, before };
}

it("The run ends after its time limit, with that reason", async () => {
  const { machine } = open();
  machine.cancelAfter(1);
  await once(machine.signal, "abort");
  expect(machine.signal.reason).toEqual(new TimeOver(1));
});

it("The time limit may be longer than a single timer allows", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { machine } = open();
  const minutes = 40_000 * 60_000;
  machine.cancelAfter(minutes);
  await vi.advanceTimersByTimeAsync(minutes - 1);
  expect(machine.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(`${machine.signal.reason}`).toBe("its time was over: the input timeout is 40000 min");
});

it.each(["SIGINT", "SIGTERM"] as const)("%s becomes a cancel of the run", async (signal) => {
  const { machine, before } = open();
  process.emit(signal, signal);
  expect([machine.signal.aborted, machine.signal.reason]).toEqual([true, signal]);
  await machine.dispose();
  expect(process.listenerCount("SIGTERM")).toBe(before);
});

it.each([
  "INPUT_SECRETS",
  "STATE_engine",
  "ACTIONS_RUNTIME_TOKEN",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  "ACTIONS_ID_TOKEN_REQUEST_URL",
])("No child process gets %s", async (name) => {
  process.env[name] = "hush";
  onTestFinished(() => void delete process.env[name]);
  const { machine } = open();
  for (const stdin of [{}, { stdin: "" }]) {
    const answer = await machine.processes.ask({ tool: "env", args: [], ...stdin });
    expect(answer.stdout).toContain("PATH=");
    expect(answer.stdout).not.toContain("hush");
  }
  expect((await machine.processes.capture({ tool: "env", args: [] })).stdout).not.toContain("hush");
  expect(machine.env[name]).toBe("hush");
});
