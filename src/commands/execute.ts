import { dirname } from "node:path";
import type { Argument, Command, Step } from "../backends/backend.ts";
import { cancelled, Failure } from "../errors.ts";
import type { Env, Machine } from "../machine/machine.ts";
import type { Registry } from "../registry/registry.ts";
import { readEvidence } from "../result/claims.ts";
import { Secret } from "../secrets/secret.ts";
import { diagnose } from "./diagnosis.ts";
import { printCommand, type Script } from "./script.ts";

export interface ExecutionContext {
  readonly machine: Pick<Machine, "files" | "processes" | "actions" | "signal">;
  readonly registry: Registry;
  /** The environment of every tool. */
  readonly env: Env;
  /** Called with every line that a command prints. */
  readonly onLine?: (command: Command, line: string) => void;
  /** Named in the position of a failure. */
  readonly dockerfile: string;
}

/**
 * Executes the script: the only function that builds images. Exit codes and signals alone decide about success; output is
 * shown in the log and, after a failure, searched for the reason.
 *
 * @throws Failure of the first step that fails.
 */
export async function execute(script: Script, context: ExecutionContext): Promise<void> {
  const { files } = context.machine;
  for (const { path, content, mode } of script.files) {
    await files.makeDirectory(dirname(path), 0o700);
    await files.write(path, content instanceof Secret ? content.revealBytes() : content, mode);
  }
  for (const path of script.creates) await files.makeDirectory(dirname(path), 0o755);
  if (script.steps.some(({ kind }) => kind === "load")) await findLoader(context);
  for (const step of script.steps) await executeStep(step, context);
}

async function executeStep(step: Step, context: ExecutionContext): Promise<void> {
  const { registry } = context;
  switch (step.kind) {
    case "run":
      return runCommand(step.command, context);
    case "load":
      return load(step.archive, context);
    case "upload":
      return registry.pushLayout(step.layout, step.to);
    case "upload-by-digest":
      return registry.pushLayoutByDigest(step.layout, step.to);
    case "adopt":
      return registry.adoptDirectory(step.directory, step.layout, step.name);
    case "join":
      return registry.joinLayout(step.layout, step.members, step.name);
    case "copy":
      return registry.copy(step.from, step.to);
  }
}

/**
 * Runs one command and shows its output as a group of the log.
 * @throws Failure of the class that its output shows; `cancelled`.
 */
export async function runCommand(command: Command, context: Omit<ExecutionContext, "registry">): Promise<void> {
  const { processes, actions, signal } = context.machine;
  const { title, tool, args, forbids = [] } = command;
  const forbidden: string[] = [];
  const argv = await Promise.all(args.map((argument) => argumentText(argument, command, context)));
  const group = actions.openGroup(title);
  group.info(printCommand(tool, args));
  const exit = await processes
    .stream({ tool, args: argv, env: context.env, signal }, (line) => {
      group.info(line);
      context.onLine?.(command, line);
      if (forbids.some((text) => line.includes(text))) forbidden.push(line);
    })
    .finally(group.end);
  if (signal.aborted) throw cancelled(signal, `${title} was stopped`);
  if (exit.code !== 0 && command.mayFail !== undefined) {
    return actions.warning(`${title} failed, and the build continues: ${command.mayFail}, or a step failed`);
  }
  if (exit.code !== 0) throw diagnose(command, exit, context.dockerfile);
  if (forbidden.length > 0) throw diagnose(command, { ...exit, tail: forbidden }, context.dockerfile);
}

async function argumentText(
  argument: Argument,
  { title }: Command,
  { machine }: Pick<ExecutionContext, "machine">,
): Promise<string> {
  return typeof argument === "string" ? argument : readEvidence(argument.contentOf, title, machine.files);
}

/** The programs that load images from files. */
const LOADERS = ["docker", "podman", "nerdctl"] as const;

async function load(archive: string, context: ExecutionContext): Promise<void> {
  const tool = await findLoader(context);
  return runCommand({ title: `${tool} load`, tool, args: ["load", "--input", archive] }, context);
}

/** The program that loads images from files. Looked up before the build, so that a missing one fails at once. */
async function findLoader({ machine: { processes } }: ExecutionContext): Promise<string> {
  for (const tool of LOADERS) if ((await processes.which(tool)) !== undefined) return tool;
  throw new Failure("tool", `no local store can take the image: none of ${LOADERS.join(", ")} is on PATH`, {
    hint: "Use push or output with this backend, or install one of them.",
  });
}
