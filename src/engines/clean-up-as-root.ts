import type { EngineWorld } from "./engine.ts";
import { STATE } from "./record.ts";
import { asRoot, type Sudo } from "./sudo.ts";

/** Longer than the post step takes by its own limit. */
const SECONDS = "280";

/**
 * Removes an engine that has root's processes and files: the post step, once more, as root.
 * @returns what could not be removed, a sentence each.
 */
export async function cleanUpAsRoot(
  directory: string,
  sudo: Sudo,
  { env, processes, system }: Pick<EngineWorld, "env" | "processes" | "system">,
): Promise<readonly string[]> {
  const command = ["timeout", SECONDS, ...system.postStep()];
  const { argv, env: own } = asRoot(sudo, command, { [`STATE_${STATE}`]: directory }, env);
  const [tool, ...args] = argv;
  const { code, stdout, stderr } = await processes.ask({ tool, args, env: own });
  if (code !== 0) return [`what is root's in ${directory}: ${tool} ended with ${code}: ${stderr.trim()}`];
  return [...stdout.matchAll(/^::warning[^:]*::(.*)$/gm)].map(([, sentence = ""]) => decodeURIComponent(sentence));
}
