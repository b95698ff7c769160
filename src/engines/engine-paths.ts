import { createHash, randomBytes } from "node:crypto";
import { dirname } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { Env } from "../machine/machine.ts";
import type { EngineMachine } from "./engine.ts";

/** Longest path of a Unix socket: `sun_path` has 108 bytes and ends with a zero. Source: unix(7). */
const LONGEST_SOCKET = 107;
/** The longest socket name that a daemon uses below the directory of sockets. */
const LONGEST_NAME = "/containerd/containerd.sock.ttrpc";

const PREFIX = "bento-image-engine-";

/**
 * The parent of engine directories: the runner's directory for temporary files, else the machine's. Links are resolved,
 * because the kernel reports mounts by their real paths.
 */
export function temporaryDirectory({ env, files }: Pick<EngineMachine, "env" | "files">): Promise<string> {
  return files.realPath(env["RUNNER_TEMP"] || env["TMPDIR"] || "/tmp");
}

/** A new, random path in the temporary directory. */
export async function newEngineDirectory(machine: Pick<EngineMachine, "env" | "files">): Promise<string> {
  return `${await temporaryDirectory(machine)}/${PREFIX}${randomBytes(4).toString("hex")}`;
}

/** Whether the path can be an engine's of this runner: it has the name of one and is directly in the temporary directory. */
export async function isEngineDirectory(path: string, machine: Pick<EngineMachine, "env" | "files">): Promise<boolean> {
  return hasEngineName(path) && dirname(path) === (await temporaryDirectory(machine));
}

export function hasEngineName(path: string): boolean {
  return path.startsWith("/") && /\/bento-image-engine-[0-9a-f]{8}$/.test(path) && !path.includes("/../");
}

/**
 * A short path in /tmp if the paths of sockets in the directory would be too long; undefined otherwise. It is derived from
 * the directory, so it is always the same.
 */
export function shortDirectory(directory: string): string | undefined {
  const longest = Buffer.byteLength(directory) + LONGEST_NAME.length;
  if (longest <= LONGEST_SOCKET) return undefined;
  return `/tmp/bento-image-${createHash("sha256").update(directory).digest("hex").slice(0, 12)}`;
}

/** The directory of sockets of the engine in that directory. */
export function socketDirectory(directory: string): string {
  return shortDirectory(directory) ?? `${directory}/run`;
}

/**
 * Creates a directory (0700) that only this user may write to.
 * @throws Failure `engine` when it belongs to another user, or when the file system has no owners and modes: the record in it
 * could not be trusted later.
 */
export async function makePrivateDirectory(
  path: string,
  { files, system }: Pick<EngineMachine, "files" | "system">,
): Promise<void> {
  await files.makeDirectory(path, 0o700);
  if (await system.isPrivate(path)) return;
  throw new Failure("engine", `${path} cannot be protected from other users of this machine`, {
    code: "NotPrivate",
    hint: "It belongs to another user, or is in a directory where every user may rename it (use `chmod +t`), or on a file system without owners and modes. Set RUNNER_TEMP to a directory of this user.",
  });
}

/** Absolute path of the program in these directories or on PATH. */
export async function findProgram(
  name: string,
  directories: readonly string[],
  machine: Pick<EngineMachine, "files" | "processes">,
): Promise<string | undefined> {
  return (await findIn(name, directories, machine)) ?? machine.processes.which(name);
}

/** Absolute path of the program in these directories. */
export async function findIn(
  name: string,
  directories: readonly string[],
  { files }: Pick<EngineMachine, "files">,
): Promise<string | undefined> {
  for (const directory of directories) {
    const path = `${directory}/${name}`;
    if ((await files.info(path)) !== undefined) return path;
  }
  return undefined;
}

/** The value of PATH with the directories first. */
export function pathWith(directories: readonly string[], env: Env): string {
  return [...directories, env["PATH"] ?? ""].filter((part) => part !== "").join(":");
}
