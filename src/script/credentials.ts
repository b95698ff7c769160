import { isAbsolute, join } from "node:path";
import { Failure } from "../errors.ts";
import type { Env, World } from "../world/world.ts";

/** Absolute path of the credentials file that the user named. @throws Failure `input` when it is not there. */
export async function findAuthFile(authFile: string, world: Pick<World, "files" | "workspace">): Promise<string>;
export async function findAuthFile(
  authFile: string | undefined,
  world: Pick<World, "files" | "workspace">,
): Promise<string | undefined>;
export async function findAuthFile(
  authFile: string | undefined,
  { files, workspace }: Pick<World, "files" | "workspace">,
): Promise<string | undefined> {
  if (authFile === undefined) return undefined;
  const path = isAbsolute(authFile) ? authFile : join(workspace, authFile);
  if ((await files.info(path)) !== undefined) return path;
  throw new Failure("input", `registry-auth-file: there is no file ${path}`, { code: "AuthFileMissing" });
}

/**
 * Shows one credentials file to all six tools: podman and buildah by its path, docker and BuildKit by a private
 * configuration directory that holds a copy of it and links to everything else of the user's own (plugins, contexts,
 * builders).
 *
 * @returns the variables that say so; none without a file. @throws Failure `input` when the file is not there.
 */
export async function shareCredentials(
  authFile: string | undefined,
  world: Pick<World, "env" | "files" | "workspace">,
): Promise<{ readonly path?: string; readonly env: Env }> {
  if (authFile === undefined) return { env: {} };
  const { env, files } = world;
  const path = await findAuthFile(authFile, world);
  const own = env["DOCKER_CONFIG"] ?? join(env["HOME"] ?? "/root", ".docker");
  const directory = join(await files.scratch(), "docker");
  await files.makeDirectory(directory, 0o700);
  await files.write(join(directory, "config.json"), await files.readBytes(path), 0o600);
  const others = (await files.info(own)) === undefined ? [] : await files.list(own);
  for (const { name } of others)
    if (name !== "config.json") await files.makeLink(join(own, name), join(directory, name));
  return { path, env: { DOCKER_CONFIG: directory, REGISTRY_AUTH_FILE: path } };
}
