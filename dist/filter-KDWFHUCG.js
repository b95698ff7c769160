const require = process.getBuiltinModule;
import {
  cancelled,
  definedOnly,
  endGroupOn,
  notStarted,
  signalGroup
} from "./chunk-Q6M75T5N.js";

// src/machine/filter.ts
import { once } from "node:events";
import { pipeline } from "node:stream/promises";
var LONGEST_COMPLAINT = 300;
async function* filter({ tool, args, env }, input, ambient, signal) {
  const { spawn } = await import("node:child_process");
  if (signal.aborted) throw cancelled(signal, `${tool} was not started`);
  const child = spawn(tool, [...args], { detached: true, env: definedOnly(env ?? ambient), stdio: "pipe" });
  const stopListening = endGroupOn(signal, child, 0);
  const ended = once(child, "exit");
  ended.catch(() => void 0);
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    complaint = `${complaint}${text.slice(0, LONGEST_COMPLAINT)}`.slice(0, LONGEST_COMPLAINT);
  });
  const fed = pipeline(input, child.stdin).then(
    () => void 0,
    () => input.errored
  );
  try {
    yield* child.stdout;
    const [code] = await ended;
    if (signal.aborted) throw cancelled(signal, `${tool} was stopped`);
    const failedInput = await fed;
    if (failedInput) throw failedInput;
    if (code !== 0) throw new Error(`${tool} says: ${complaint.trim() || "nothing"}`);
  } catch (error) {
    throw notStarted(error, tool);
  } finally {
    stopListening();
    if (child.exitCode === null && child.signalCode === null) signalGroup(child, "SIGKILL");
  }
}
export {
  filter
};
