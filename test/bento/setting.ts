/** A real machine for tests: real files below a temporary directory, real processes, and a recorded log. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { realFiles } from "../../src/machine/files.ts";
import { filter } from "../../src/machine/filter.ts";
import type { Env, Files, Machine } from "../../src/machine/machine.ts";
import { realProcesses } from "../../src/machine/processes.ts";
import { openProgress } from "../../src/machine/progress.ts";

export interface Setting {
  readonly machine: Pick<
    Machine,
    "env" | "workspace" | "files" | "filter" | "processes" | "actions" | "signal" | "now"
  >;
  /** Absolute. The empty directory for all files of the test. */
  readonly root: string;
  /** RUNNER_TEMP. */
  readonly temporary: string;
  /** The log lines, e.g. `warning: …`. */
  readonly said: string[];
}

/** Removed with everything in it when the test ends. */
export async function makeSetting(
  options: { readonly env?: Env; readonly files?: Partial<Files> } = {},
): Promise<Setting> {
  const root = await mkdtemp(join(tmpdir(), "bento-test-"));
  const temporary = join(root, "temp");
  const workspace = join(root, "workspace");
  await Promise.all([mkdir(temporary), mkdir(workspace)]);
  const files = realFiles(temporary);
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const said: string[] = [];
  const say = (kind: string) => (line: string) => void said.push(`${kind}: ${line}`);
  const actions: Machine["actions"] = {
    info: say("info"),
    debug: say("debug"),
    notice: say("notice"),
    warning: say("warning"),
    error: say("error"),
    openGroup(title) {
      say("group")(title);
      return { info: say("info"), end: () => undefined };
    },
    progress: openProgress(() => undefined, 10_000),
    mask: say("mask"),
    hide: (text) => text,
    setOutput: say("output"),
    exportVariable: say("variable"),
    addPath: say("path"),
    saveState: say("state"),
    getState: () => "",
    writeSummary: async () => undefined,
  };
  const env = { HOME: join(root, "home"), ...options.env };
  const { signal } = new AbortController();
  const machine: Setting["machine"] = {
    env,
    workspace,
    files: { ...files, ...options.files },
    processes: realProcesses(env, signal),
    filter: (invocation, input) => filter(invocation, input, env, signal),
    actions,
    signal,
    now: () => new Date(),
  };
  return { machine, root, temporary, said };
}
