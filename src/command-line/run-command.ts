/** The command line: finds the command, and answers what needs no story. */
import { FAILURE_TITLES, Failure } from "../errors.ts";
import { realFiles } from "../machine/files.ts";
import type { Files } from "../machine/machine.ts";
import { processEnvironment, realTerminal, type Terminal } from "../machine/terminal.ts";
import { printFailure } from "../report/failure.ts";
import { VERSION } from "../text/documentation.ts";
import { readArguments } from "./arguments.ts";
import { COMMANDS } from "./commands.ts";
import { exitCodeOf } from "./exit-code.ts";
import { helpOf, overview } from "./help.ts";
import { readMetadata } from "./metadata.ts";
import { nearest } from "./nearest.ts";
import { printError } from "./results.ts";
import { runStory } from "./run-story.ts";
import { openTalk } from "./talk.ts";

type Reader = Pick<Files, "readText">;

/**
 * Runs `bento-image ARGUMENTS`. The log goes to standard error, results to standard output.
 * @returns the exit code.
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  const terminal = realTerminal();
  const env = processEnvironment();
  // Only reads; the files of a run are those of its machine.
  const files = realFiles("/tmp");
  const [name, ...others] = args;
  if (name === "--version") return printed(`bento-image ${VERSION}\n`, terminal);
  if (name === "--help" || name === "-h") return printed(await firstScreen(files), terminal);
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) return refuse(name, others.includes("--json"), terminal);
  const metadata = await readMetadata(command.metadata, files);
  const inputs = await readArguments(others, command, metadata, { env, files });
  if (inputs.isOn("help")) return printed(helpOf(command, metadata), terminal);
  if (inputs.isOn("version")) return printed(`bento-image ${VERSION}\n`, terminal);
  return runStory(command, inputs, terminal);
}

function printed(text: string, terminal: Terminal): number {
  terminal.print(text);
  return 0;
}

async function firstScreen(files: Reader): Promise<string> {
  const described = COMMANDS.map(async (command) => ({
    command,
    metadata: await readMetadata(command.metadata, files),
  }));
  return overview(await Promise.all(described));
}

/** A command line without a command. @returns the exit code. */
function refuse(name: string | undefined, isJson: boolean, terminal: Terminal): number {
  const known = COMMANDS.map((command) => command.name);
  const like = name === undefined ? undefined : nearest(name, known);
  const problem = name === undefined ? "no command is given" : `there is no command "${name}"`;
  const actions = openTalk(terminal, { debug: false });
  const failure = new Failure("input", `${problem}${like === undefined ? "" : `; did you mean ${like}?`}`, {
    hint: `The commands are ${known.join(", ")}; bento-image --help describes them.`,
  });
  actions.error(printFailure(failure), { title: FAILURE_TITLES.input });
  if (isJson) terminal.print(printError(failure, actions.clean));
  return exitCodeOf(failure, undefined);
}
