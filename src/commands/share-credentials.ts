import { join, resolve } from "node:path";
import { findInputFile } from "../inputs/input-file.ts";
import type { Env, Machine } from "../machine/machine.ts";
import { replaceLogins } from "../registry/auth/auth-config.ts";

/** Absolute path of the credentials file that the user named. @throws Failure `input` if it is not a readable file. */
export async function findAuthFile(authFile: string, machine: Pick<Machine, "files" | "workspace">): Promise<string>;
export async function findAuthFile(
  authFile: string | undefined,
  machine: Pick<Machine, "files" | "workspace">,
): Promise<string | undefined>;
export async function findAuthFile(
  authFile: string | undefined,
  machine: Pick<Machine, "files" | "workspace">,
): Promise<string | undefined> {
  if (authFile === undefined) return undefined;
  return findInputFile("registry-auth-file", authFile, machine, { code: "AuthFileMissing" });
}

/**
 * Makes all backends use one credentials file: podman and buildah by its path, docker and BuildKit by a private
 * configuration directory. The `config.json` there is the user's own (contexts, plugins, proxies, aliases), with its logins
 * replaced by those of the file; everything else in the user's directory is linked. DOCKER_AUTH_CONFIG is removed, because
 * docker would read it first.
 * @see https://github.com/docker/cli/pull/6008
 * @returns the environment variables to set; none without a file.
 * @throws Failure `input` if the file does not exist; `auth`, code `CredentialsUnreadable`, if it is not a JSON object.
 */
export async function shareCredentials(
  authFile: string | undefined,
  machine: Pick<Machine, "env" | "files" | "workspace">,
): Promise<{ readonly path?: string; readonly env: Env }> {
  if (authFile === undefined) return { env: {} };
  const path = await findAuthFile(authFile, machine);
  const directory = join(await machine.files.scratch(), "docker");
  await writeDockerConfig(directory, await machine.files.readText(path), path, machine);
  return { path, env: { DOCKER_CONFIG: directory, DOCKER_AUTH_CONFIG: undefined, REGISTRY_AUTH_FILE: path } };
}

/**
 * Writes docker's configuration with other logins into a private directory; everything else there links to the user's own.
 * @param logins a JSON object in the format of docker's and podman's credentials files.
 * @param source the name of `logins` in messages.
 * @throws Failure `auth`, code `CredentialsUnreadable`, if `logins` is not a JSON object.
 */
export async function writeDockerConfig(
  directory: string,
  logins: string,
  source: string,
  { env, files, workspace }: Pick<Machine, "env" | "files" | "workspace">,
): Promise<void> {
  const own = resolve(workspace, env["DOCKER_CONFIG"] || join(env["HOME"] || "/root", ".docker"));
  const config = await files.readText(join(own, "config.json")).catch(() => "");
  const content = replaceLogins(config, logins, source);
  await files.makeDirectory(directory, 0o700);
  await files.write(join(directory, "config.json"), content, 0o600);
  const others = await files.list(own).catch(() => []);
  for (const { name } of others)
    if (name !== "config.json") await files.makeLink(join(own, name), join(directory, name));
}
