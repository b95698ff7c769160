import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Contest } from "./contest.ts";
import { type AssemblyRequest, inStep, orderInputs } from "./contestants.ts";
import { ACTION, runWell } from "./program.ts";

/** The command lines of the action, as its dry run prints them, in a shell: what the builder itself needs. */
export async function buildByHand(
  order: AssemblyRequest,
  contest: Contest,
  measure: (work: () => Promise<void>) => Promise<void>,
) {
  const { signal } = contest;
  const inputs = { ...orderInputs(order, contest), assembly: "backend", "dry-run": "true" };
  await inStep(contest, inputs, async (step) => {
    await runWell(process.execPath, [ACTION], step, { signal });
    const commands = commandsOf(await readFile(step["GITHUB_OUTPUT"] ?? "", "utf8"));
    // The dry run has removed the directory that the command line names.
    await mkdir(metadataDirectory(commands), { recursive: true });
    await measure(async () => {
      await runWell("sh", ["-e", "-c", commands], contest.env, { signal });
    });
  });
}

function metadataDirectory(commands: string): string {
  const [, file = ""] = / --metadata-file (\S+)/.exec(commands) ?? [];
  return dirname(file);
}

/** `commands<<delimiter`, the value, `delimiter`. */
function commandsOf(outputs: string): string {
  const [, , commands] = /^commands<<(\S+)\n([\s\S]*?)\n^\1$/m.exec(outputs) ?? [];
  if (commands === undefined) throw new Error("the dry run gave no commands");
  return commands;
}
