import { basename, join } from "node:path/posix";
import type { Env, Machine } from "../machine/machine.ts";

/** The program by which docker builds (https://docs.docker.com/build/concepts/overview/#buildx), and the tool that has it. */
export const PLUGIN = "docker-buildx";
export const PLUGIN_TOOL = "buildx";

const PLUGINS = "cli-plugins";

/**
 * Shows docker a plugin by a configuration directory that links to everything of the user's own: logins, contexts,
 * builders and other plugins. It lasts as long as the job, and the user's own directory is not touched.
 * @returns the variable that says so.
 */
export async function placePlugin(
  program: string,
  env: Env,
  { files }: Pick<Machine, "files">,
): Promise<Readonly<Record<"DOCKER_CONFIG", string>>> {
  const own = env["DOCKER_CONFIG"] || join(env["HOME"] || "/root", ".docker");
  const directory = join(await files.kept(), "docker");
  await files.makeDirectory(join(directory, PLUGINS), 0o700);
  await linkAll(own, directory, PLUGINS, files);
  await linkAll(join(own, PLUGINS), join(directory, PLUGINS), basename(program), files);
  await link(program, join(directory, PLUGINS, basename(program)), files);
  // podman and buildah refuse a DOCKER_CONFIG without the file.
  const config = join(directory, "config.json");
  if ((await files.info(config)) === undefined) await files.write(config, "{}", 0o600);
  return { DOCKER_CONFIG: directory };
}

async function linkAll(from: string, to: string, except: string, files: Machine["files"]): Promise<void> {
  if ((await files.info(from)) === undefined) return;
  for (const { name } of await files.list(from)) {
    if (name !== except) await link(join(from, name), join(to, name), files);
  }
}

/** Once. */
async function link(target: string, path: string, files: Machine["files"]): Promise<void> {
  if ((await files.info(path)) === undefined) await files.makeLink(target, path);
}
