/** Starts an engine as the action does, runs a command by it, and removes it; says on standard output what happened. */
import { spawnSync } from "node:child_process";
import { cleanUp } from "../../src/engines/clean-up.ts";
import type { EngineRequest } from "../../src/engines/engine.ts";
import { provideEngine } from "../../src/engines/provide.ts";
import { asFailure } from "../../src/errors.ts";
import { realMachine } from "../../src/machine/real-machine.ts";

export interface Report {
  /** The engine's directory. */
  readonly directory: string;
  readonly failure?: { readonly code: string; readonly message: string };
  readonly command?: { readonly status: number | null; readonly output: string };
  /** What could not be removed. */
  readonly left: readonly string[];
  /** Milliseconds until the engine was ready, and until it was gone. */
  readonly times: readonly [number, number];
}

/** Its wish as JSON, then a shell command, which finds the builder in BUILDER. */
const [, , wish = "{}", command = ""] = process.argv;

const real = realMachine();
const machine = { ...real, system: await real.system() };
let directory = "";
const remember = (_: string, path: string): void => {
  directory = path;
};
const actions = { ...machine.actions, saveState: remember };
const start = performance.now();
let outcome: Pick<Report, "failure" | "command">;
let ready = 0;
try {
  const asked: EngineRequest = JSON.parse(wish);
  const { env, builder } = await provideEngine(asked, { ...machine, actions });
  ready = performance.now() - start;
  const variables = { ...process.env, ...env, BUILDER: builder };
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command], { env: variables, encoding: "utf8" });
  outcome = { command: { status, output: `${stdout}${stderr}`.slice(-2000) } };
} catch (error) {
  const { code, message } = asFailure(error);
  outcome = { failure: { code, message } };
}
const end = performance.now();
const left = await cleanUp(directory, machine);
const report: Report = { directory, left, times: [ready, performance.now() - end], ...outcome };
console.log(`REPORT ${JSON.stringify(report)}`);
await real.dispose();
