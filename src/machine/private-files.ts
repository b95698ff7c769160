import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from "node:fs";
import { errorCode } from "../errors.ts";
import type { PrivateText } from "./machine.ts";

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** The largest file that is read. */
const MOST_BYTES = 1 << 20;
const STICKY = 0o1000;
const OTHERS = 0o077;

/** See {@link System.isPrivate}. */
export function isPrivate(directory: string, owner?: number): boolean {
  try {
    using place = open(directory, O_DIRECTORY);
    return place !== undefined && whyShared(place.descriptor, owner) === undefined;
  } catch {
    return false;
  }
}

/** See {@link System.readPrivate}. */
export function readPrivate(directory: string, name: string, owner?: number): PrivateText {
  try {
    using place = open(directory, O_DIRECTORY);
    if (place === undefined) return { kind: "absent" };
    const shared = whyShared(place.descriptor, owner);
    if (shared !== undefined) return { kind: "foreign", why: `the directory ${shared}` };
    // A pipe would be waited for without O_NONBLOCK.
    using file = open(`${pathOf(place.descriptor)}/${name}`, O_NONBLOCK);
    if (file === undefined) return { kind: "empty" };
    const why = whyUnfit(fstatSync(file.descriptor), owner);
    if (why !== undefined) return { kind: "foreign", why: `its ${name} ${why}` };
    return { kind: "text", text: readFileSync(file.descriptor, "utf8") };
  } catch (error) {
    return { kind: "foreign", why: error instanceof Error ? error.message : String(error) };
  }
}

/** Linux names open files so: a look-up from here does not depend on what the directory is called by now. */
function pathOf(descriptor: number): string {
  return `/proc/self/fd/${descriptor}`;
}

/** For reading, if it is no link; undefined when there is nothing. */
function open(path: string, flags: number): (Disposable & { readonly descriptor: number }) | undefined {
  try {
    const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | flags);
    return { descriptor, [Symbol.dispose]: () => closeSync(descriptor) };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Why others may change what the directory or its name holds. */
function whyShared(directory: number, owner: number | undefined): string | undefined {
  using parent = open(`${pathOf(directory)}/..`, O_DIRECTORY);
  const isMovable = parent !== undefined && isOpenToAll(fstatSync(parent.descriptor));
  return whyForeign(fstatSync(directory), owner) ?? (isMovable ? "may be renamed by everybody" : undefined);
}

function whyUnfit(there: Stats, owner: number | undefined): string | undefined {
  if (!there.isFile()) return "is no regular file";
  if (there.size > MOST_BYTES) return `is larger than ${MOST_BYTES} bytes`;
  return whyForeign(there, owner);
}

/**
 * Why it may not be what this action made; undefined when it is. What a checkout or an archive brings is open to others
 * to read at least, so it is told from what was made here, though all of it belongs to the same user.
 */
function whyForeign({ uid, mode }: Stats, owner: number | undefined): string | undefined {
  if (uid !== process.getuid?.() && uid !== owner) return `belongs to the user ${uid}`;
  return (mode & OTHERS) === 0 ? undefined : "is open to other users";
}

/** Whether anybody may rename what others have in the directory. */
function isOpenToAll({ mode }: Stats): boolean {
  return (mode & 0o002) !== 0 && (mode & STICKY) === 0;
}
