import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from "node:fs";
import { errorCode } from "../errors.ts";
import type { PrivateText } from "./machine.ts";

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** The largest file that is read, in bytes. */
const MAX_BYTES = 1 << 20;
const STICKY = 0o1000;
const OTHERS = 0o077;

/** See {@link System.isPrivate}. */
export function isPrivate(directory: string, owner?: number): boolean {
  try {
    using opened = open(directory, O_DIRECTORY);
    return opened !== undefined && whyShared(opened.descriptor, owner) === undefined;
  } catch {
    return false;
  }
}

/** See {@link System.readPrivate}. */
export function readPrivate(directory: string, name: string, owner?: number): PrivateText {
  try {
    using opened = open(directory, O_DIRECTORY);
    if (opened === undefined) return { kind: "absent" };
    const shared = whyShared(opened.descriptor, owner);
    if (shared !== undefined) return { kind: "foreign", why: `the directory ${shared}` };
    // O_NONBLOCK, because opening a pipe would wait for a writer.
    using file = open(`${pathOf(opened.descriptor)}/${name}`, O_NONBLOCK);
    if (file === undefined) return { kind: "empty" };
    const why = whyUnfit(fstatSync(file.descriptor), owner);
    if (why !== undefined) return { kind: "foreign", why: `its ${name} ${why}` };
    return { kind: "text", text: readFileSync(file.descriptor, "utf8") };
  } catch (error) {
    return { kind: "foreign", why: error instanceof Error ? error.message : String(error) };
  }
}

/** The path of an open descriptor in Linux, which does not depend on the current name of the directory. */
function pathOf(descriptor: number): string {
  return `/proc/self/fd/${descriptor}`;
}

/** Opens a path for reading and refuses links; undefined when it does not exist. */
function open(path: string, flags: number): (Disposable & { readonly descriptor: number }) | undefined {
  try {
    const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | flags);
    return { descriptor, [Symbol.dispose]: () => closeSync(descriptor) };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** The reason why other users may change or replace the directory; undefined if they cannot. */
function whyShared(directory: number, owner: number | undefined): string | undefined {
  using parent = open(`${pathOf(directory)}/..`, O_DIRECTORY);
  const isMovable = parent !== undefined && isOpenToAll(fstatSync(parent.descriptor));
  return whyForeign(fstatSync(directory), owner) ?? (isMovable ? "may be renamed by everybody" : undefined);
}

function whyUnfit(info: Stats, owner: number | undefined): string | undefined {
  if (!info.isFile()) return "is not a regular file";
  if (info.size > MAX_BYTES) return `is larger than ${MAX_BYTES} bytes`;
  return whyForeign(info, owner);
}

/**
 * The reason why this action may not have created the entry; undefined if it has. Files of a checkout or an archive are
 * readable for other users, which distinguishes them from files of this action, although they have the same owner.
 */
function whyForeign({ uid, mode }: Stats, owner: number | undefined): string | undefined {
  if (uid !== process.getuid?.() && uid !== owner) return `belongs to the user ${uid}`;
  return (mode & OTHERS) === 0 ? undefined : "is open to other users";
}

/** Whether every user may rename the entries of others in the directory. */
function isOpenToAll({ mode }: Stats): boolean {
  return (mode & 0o002) !== 0 && (mode & STICKY) === 0;
}
