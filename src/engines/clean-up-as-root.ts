import { parseJson } from "../text/json.ts";
import type { EngineMachine } from "./engine.ts";
import { asRoot, findSudo } from "./sudo.ts";

/** Longer than the post step takes by its own limit. */
const SECONDS = "280";

/** The word before the user id and the directory in the arguments of the post step; see `remove.ts`. */
export const FOR = "--for";

/**
 * Removes what of an engine is root's: the post step, once more, as root. Whose engine it is, it is told in its
 * arguments, which no state of a step and no record has a part in.
 * @returns what could not be removed, a sentence each.
 */
export async function cleanUpAsRoot(
  directory: string,
  { env, processes, system }: Pick<EngineMachine, "env" | "processes" | "system">,
): Promise<readonly string[]> {
  const what = `what is root's in ${directory}`;
  const sudo = await findSudo({ env, processes });
  if (sudo === undefined) return [`${what}: there is no sudo without a password any more`];
  const command = ["timeout", SECONDS, ...system.postStep(), FOR, String(system.user().id), directory];
  const { argv, env: own } = asRoot(sudo, command, {}, env);
  const [tool, ...args] = argv;
  const { code, stdout, stderr } = await processes.ask({ tool, args, env: own });
  const left = code === 0 ? sentencesIn(stdout) : undefined;
  return left ?? [`${what}: ${tool} ended with ${code}: ${stderr.trim()}`];
}

/** Of the last line, an array of JSON. */
function sentencesIn(stdout: string): readonly string[] | undefined {
  const sentences = parseJson(stdout.trim().split("\n").at(-1) ?? "");
  return Array.isArray(sentences) ? sentences.map(String) : undefined;
}
