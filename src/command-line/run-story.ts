import { resolve } from "node:path";
import { runAction } from "../action/run-action.ts";
import { removeEngine } from "../engines/remove.ts";
import type { Failure } from "../errors.ts";
import { inputFailure } from "../inputs/decode-schema.ts";
import type { Machine } from "../machine/machine.ts";
import { type RealMachine, realMachine } from "../machine/real-machine.ts";
import type { Terminal } from "../machine/terminal.ts";
import { type CommandInputs, flagsOf } from "./arguments.ts";
import type { Command } from "./commands.ts";
import { exitCodeOf } from "./exit-code.ts";
import { inFlags } from "./naming.ts";
import { printError, printJson, printLines } from "./results.ts";
import { openTalk, type Talk } from "./talk.ts";

/**
 * Runs the story of a command, prints its results or its failure, and removes what a job would remove at its end: the engine
 * that was started, and the files for later steps. A dry run keeps its files, because its commands name them.
 * @returns the exit code.
 */
export async function runStory(command: Command, inputs: CommandInputs, terminal: Terminal): Promise<number> {
  const { isOn, masks, mistakes } = inputs;
  const talk = openTalk(terminal, { debug: isOn("debug") });
  for (const mask of masks) talk.mask(mask);
  const env = isOn("debug") ? { ...inputs.env, RUNNER_DEBUG: "1" } : inputs.env;
  const { machine, removeKept } = withKept(realMachine({ env, workspace: resolve("."), actions: talk }));
  let failed: Failure | undefined;
  let removed: string | undefined;

  async function story(): Promise<void> {
    if (mistakes.length > 0) throw inputFailure(mistakes);
    try {
      await command.story(machine);
    } finally {
      await removeEngine({ ...machine, system: await machine.system() });
      if (!isOn("dry-run")) removed = await removeKept();
    }
  }

  const codeOf = (failure: Failure): number => exitCodeOf(failure, machine.signal.reason);
  await runAction(story, command.report, {
    machine,
    inWords(failure) {
      failed = inFlags(failure, flagsOf(command), command.name);
      return failed;
    },
    exitCodeOf: codeOf,
  });
  await writeSummary(inputs.flag("summary"), talk, machine);
  if (failed !== undefined) {
    if (isOn("json")) terminal.print(printError(failed, talk.clean));
    return codeOf(failed);
  }
  const outputs = [...talk.outputs].filter(([, value]) => value !== "" && !names(value, removed));
  terminal.print(isOn("json") ? printJson(outputs, talk.clean) : printLines(outputs, command.onlyAsJson, talk.clean));
  return 0;
}

/** Whether the output names a file that no longer exists. */
function names(value: string, removed: string | undefined): boolean {
  return removed !== undefined && value.includes(removed);
}

interface Kept {
  readonly machine: RealMachine;
  /** Removes the kept directory. @returns its path; undefined if the run has none. */
  removeKept(): Promise<string | undefined>;
}

function withKept(machine: RealMachine): Kept {
  let path: string | undefined;
  const files = {
    ...machine.files,
    async kept() {
      path = await machine.files.kept();
      return path;
    },
  };
  return {
    machine: { ...machine, files },
    async removeKept() {
      if (path !== undefined) await files.remove(path);
      return path;
    },
  };
}

async function writeSummary(path: string | undefined, talk: Talk, { files, workspace }: Machine): Promise<void> {
  if (path === undefined || talk.summary() === "") return;
  await files.write(resolve(workspace, path), talk.summary(), 0o644).catch((error: Error) => {
    talk.warning(`--summary: the summary could not be written: ${error.message}`);
  });
}
