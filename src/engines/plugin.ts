import { basename, join } from "node:path/posix";
import type { Env, Machine } from "../machine/machine.ts";

/** The plugin that docker builds with (https://docs.docker.com/build/concepts/overview/#buildx), and the tool that contains it. */
export const PLUGIN = "docker-buildx";
export const PLUGIN_TOOL = "buildx";

const PLUGINS = "cli-plugins";

/**
 * Adds a plugin to docker by a new configuration directory, which links to everything in the user's: logins, contexts,
 * builders and other plugins. It exists as long as the job; the user's own directory does not change.
 * @returns the variable that selects the new directory.
 */
export async function placePlugin(
  program: string,
  env: Env,
  { files }: Pick<Machine, "files">,
): Promise<Readonly<Record<"DOCKER_CONFIG", string>>> {
  const original = env["DOCKER_CONFIG"] || join(env["HOME"] || "/root", ".docker");
  const directory = join(await files.kept(), "docker");
  await files.makeDirectory(join(directory, PLUGINS), 0o700);
  await linkAll(original, directory, PLUGINS, files);
  await linkAll(join(original, PLUGINS), join(directory, PLUGINS), basename(program), files);
  await link(program, join(directory, PLUGINS, basename(program)), files);
  // podman and buildah reject a DOCKER_CONFIG without config.json.
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

/** Creates the link unless the path exists. */
async function link(target: string, path: string, files: Machine["files"]): Promise<void> {
  if ((await files.info(path)) === undefined) await files.makeLink(target, path);
}
