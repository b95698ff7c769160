import { createHash, randomBytes } from "node:crypto";
import { dirname } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { Env } from "../machine/machine.ts";
import type { EngineMachine } from "./engine.ts";

/** Longest path of a Unix socket: `sun_path` has 108 bytes and ends with a zero. Source: unix(7). */
const LONGEST_SOCKET = 107;
/** The longest name that a daemon makes below the directory of sockets. */
const LONGEST_NAME = "/containerd/containerd.sock.ttrpc";

const PREFIX = "bento-image-engine-";

/**
 * Where engines' directories are: the runner's directory for temporary files, or the machine's. Without links, as the
 * kernel names what is mounted there.
 */
export function temporaryDirectory({ env, files }: Pick<EngineMachine, "env" | "files">): Promise<string> {
  return files.realPath(env["RUNNER_TEMP"] || env["TMPDIR"] || "/tmp");
}

/** A new name, in the temporary directory. */
export async function newEngineDirectory(machine: Pick<EngineMachine, "env" | "files">): Promise<string> {
  return `${await temporaryDirectory(machine)}/${PREFIX}${randomBytes(4).toString("hex")}`;
}

/** Whether an engine of this runner would have that directory: one of the form, in the temporary directory itself. */
export async function isEngineDirectory(path: string, machine: Pick<EngineMachine, "env" | "files">): Promise<boolean> {
  return hasEngineName(path) && dirname(path) === (await temporaryDirectory(machine));
}

export function hasEngineName(path: string): boolean {
  return path.startsWith("/") && /\/bento-image-engine-[0-9a-f]{8}$/.test(path) && !path.includes("/../");
}

/**
 * A short name below /tmp where sockets below the directory would have too long a path, always the same for the same
 * directory; undefined where they would not.
 */
export function shortDirectory(directory: string): string | undefined {
  const longest = Buffer.byteLength(directory) + LONGEST_NAME.length;
  if (longest <= LONGEST_SOCKET) return undefined;
  return `/tmp/bento-image-${createHash("sha256").update(directory).digest("hex").slice(0, 12)}`;
}

/** Where the sockets of the engine in that directory are. */
export function socketDirectory(directory: string): string {
  return shortDirectory(directory) ?? `${directory}/run`;
}

/**
 * Makes a directory (0700) that this user alone may write to.
 * @throws Failure `engine` when it is somebody else's, or when the file system knows no owners and modes: nothing in it
 * could be believed later.
 */
export async function makePrivateDirectory(
  path: string,
  { files, system }: Pick<EngineMachine, "files" | "system">,
): Promise<void> {
  await files.makeDirectory(path, 0o700);
  if (await system.isPrivate(path)) return;
  throw new Failure("engine", `${path} cannot be kept from other users of this machine`, {
    code: "NotPrivate",
    hint: "It is somebody else's, or below a directory in which everybody may rename it (`chmod +t`), or on a file system without owners and modes: let RUNNER_TEMP name a directory of this user.",
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

/** PATH with the directories before it. */
export function pathWith(directories: readonly string[], env: Env): string {
  return [...directories, env["PATH"] ?? ""].filter((part) => part !== "").join(":");
}
