import { dirname } from "node:path";
import type { Argument, Step } from "../backends/backend.ts";
import { Failure } from "../errors.ts";
import { Secret } from "../image/secret.ts";
import type { Registry } from "../registry/registry.ts";
import type { Env, World } from "../world/world.ts";
import { diagnose } from "./diagnosis.ts";
import { printCommand, type Script } from "./script.ts";

export interface Performance {
  readonly world: Pick<World, "files" | "processes" | "actions" | "signal">;
  readonly registry: Registry;
  /** The environment of every tool. */
  readonly env: Env;
  /** Named in the position of a failure. */
  readonly dockerfile: string;
}

/**
 * Carries the script out: the only function that builds images. Exit codes and signals alone decide; what a tool prints
 * is only shown and, when it failed, read for the reason.
 *
 * @throws Failure of the first step that fails; what the script created until then is removed.
 */
export async function perform(script: Script, performance: Performance): Promise<void> {
  const { files } = performance.world;
  try {
    for (const { path, content, mode } of script.files) {
      await files.makeDirectory(dirname(path), 0o700);
      await files.write(path, content instanceof Secret ? content.reveal() : content, mode);
    }
    for (const path of script.creates) await files.makeDirectory(dirname(path), 0o755);
    for (const step of script.steps) await performStep(step, performance);
  } catch (error) {
    for (const path of script.creates) await files.remove(path);
    throw error;
  }
}

async function performStep(step: Step, performance: Performance): Promise<void> {
  const { registry } = performance;
  switch (step.kind) {
    case "run":
      return runCommand(step.command.title, step.command.tool, step.command.args, performance);
    case "load":
      return load(step.archive, performance);
    case "upload":
      return registry.pushLayout(step.layout, step.to);
    case "copy":
      return registry.copy(step.from, step.to);
  }
}

async function runCommand(
  title: string,
  tool: string,
  args: readonly Argument[],
  performance: Performance,
): Promise<void> {
  const { processes, actions, signal } = performance.world;
  actions.startGroup(title);
  actions.info(printCommand(tool, args));
  const argv = await Promise.all(args.map((argument) => argumentText(argument, performance)));
  const exit = await processes
    .stream({ tool, args: argv, env: performance.env }, (line) => actions.info(line))
    .finally(() => actions.endGroup());
  if (signal.aborted) throw new Failure("cancelled", `${title} was stopped because the run was cancelled`);
  if (exit.code !== 0) throw diagnose({ title, tool, args }, exit, performance.dockerfile);
}

async function argumentText(argument: Argument, { world }: Performance): Promise<string> {
  return typeof argument === "string" ? argument : (await world.files.readText(argument.contentOf)).trim();
}

const LOADERS = ["docker", "podman", "nerdctl"] as const;

async function load(archive: string, performance: Performance): Promise<void> {
  for (const tool of LOADERS) {
    if ((await performance.world.processes.which(tool)) !== undefined) {
      return runCommand(`${tool} load`, tool, ["load", "--input", archive], performance);
    }
  }
  throw new Failure("tool", `no local store can take the image: none of ${LOADERS.join(", ")} is on PATH`, {
    hint: "Use push or output with this backend, or install one of them.",
  });
}
