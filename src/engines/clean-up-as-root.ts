import { parseJson } from "../text/json.ts";
import type { EngineMachine } from "./engine.ts";
import { asRoot, findSudo } from "./sudo.ts";

/** Longer than the post step's own time limit. */
const SECONDS = "280";

/** The argument of the post step before the user id and the directory; see `remove.ts`. */
export const OWNER_FLAG = "--for";

/**
 * Removes the processes and files of an engine that belong to root, by running the post step again as root. Its arguments
 * name the engine and its user; they come from neither the step's state nor a record.
 * @returns one sentence for each thing that could not be removed.
 */
export async function cleanUpAsRoot(
  directory: string,
  { env, processes, system }: Pick<EngineMachine, "env" | "processes" | "system">,
): Promise<readonly string[]> {
  const what = `processes and files of root in ${directory}`;
  const sudo = await findSudo({ env, processes });
  if (sudo === undefined) return [`${what}: sudo without a password is no longer available`];
  const command = ["timeout", SECONDS, ...system.postStep(), OWNER_FLAG, String(system.user().id), directory];
  const { argv, env: rootEnv } = asRoot(sudo, command, {}, env);
  const [tool, ...args] = argv;
  const { code, stdout, stderr } = await processes.ask({ tool, args, env: rootEnv });
  const left = code === 0 ? sentencesIn(stdout) : undefined;
  return left ?? [`${what}: ${tool} ended with ${code}: ${stderr.trim()}`];
}

/** The sentences in the last line, a JSON array. */
function sentencesIn(stdout: string): readonly string[] | undefined {
  const sentences = parseJson(stdout.trim().split("\n").at(-1) ?? "");
  return Array.isArray(sentences) ? sentences.map(String) : undefined;
}
