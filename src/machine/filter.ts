import { once } from "node:events";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { cancelled } from "../errors.ts";
import { definedOnly } from "../values.ts";
import type { Env, Machine } from "./machine.ts";
import { endGroupOn, notStarted, signalGroup } from "./processes.ts";

/** How many characters of a program's error output are kept. */
const MAX_ERROR_LENGTH = 300;

/** See {@link Machine.filter}. */
export async function* filter(
  { tool, args, env }: Parameters<Machine["filter"]>[0],
  input: Readable,
  ambient: Env,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { spawn } = await import("node:child_process");
  if (signal.aborted) throw cancelled(signal, `${tool} was not started`);
  const child = spawn(tool, [...args], { detached: true, env: definedOnly(env ?? ambient), stdio: "pipe" });
  const stopListening = endGroupOn(signal, child, 0);
  const ended = once(child, "exit");
  ended.catch(() => undefined);
  let errorOutput = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errorOutput = `${errorOutput}${text.slice(0, MAX_ERROR_LENGTH)}`.slice(0, MAX_ERROR_LENGTH);
  });
  const fed = pipeline(input, child.stdin).then(
    () => undefined,
    () => input.errored,
  );
  try {
    yield* child.stdout as AsyncIterable<Uint8Array>;
    const [code]: (number | string | null)[] = await ended;
    if (signal.aborted) throw cancelled(signal, `${tool} was stopped`);
    const failedInput = await fed;
    if (failedInput) throw failedInput;
    if (code !== 0)
      throw new Error(`${tool} failed with exit code ${code}: ${errorOutput.trim() || "no error output"}`);
  } catch (error) {
    throw notStarted(error, tool);
  } finally {
    stopListening();
    if (child.exitCode === null && child.signalCode === null) signalGroup(child, "SIGKILL");
  }
}
