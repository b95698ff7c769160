import { resolve } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { Enclosure } from "../machine/enclosure.ts";
import type { Machine } from "../machine/machine.ts";
import type { LocatedBento } from "./bento.ts";
import { bentomlHome, expandPath, storeDirectories } from "./home.ts";
import { encloseNamed } from "./named-directory.ts";
import { findInStore } from "./store.ts";
import { parseTagReference } from "./tag.ts";

/** What the user asked for. */
export interface BentoAddress {
  /** A directory, an archive, or a tag of the store: `name`, `name:latest`, `name:version`, or the start of a version. */
  readonly bento: string;
  /** The store's root; see `bentomlHome` for what counts without it. */
  readonly bentomlHome?: string;
}

type AddressMachine = Pick<Machine, "env" | "workspace" | "files" | "filter" | "processes" | "actions" | "signal">;

/** What can only be a path: nothing of this is in the tag grammar. */
const PATH_ONLY = /^[.~$]|\/|\.(?:bento|tar|t?gz|t?xz|t?bz2|t?zst|zip)$/;

/**
 * Finds the Bento that an address means. What exists as a path wins over a tag; relative paths start at the workspace.
 * An archive is unpacked below the run's scratch directory; the store is only read.
 * @throws {Failure} input/NotFound, TagInvalid, Ambiguous; bento/ManifestMissing, ArchiveCorrupt, UnsafePath, TooLarge,
 * Unreadable; disk; cancelled.
 */
export async function locateBento(address: BentoAddress, machine: AddressMachine): Promise<LocatedBento> {
  const { bento } = address;
  if (bento.trim() === "") throw new Failure("input", "No Bento was named", { code: "NotFound" });
  const path = resolve(machine.workspace, expandPath(bento, machine.env));
  const real = await existing(path, machine);
  if (real !== undefined) return locatePath(path, real, bento, machine);
  return locateTag(address, path, machine);
}

async function existing(path: string, machine: AddressMachine): Promise<string | undefined> {
  if ((await machine.files.info(path)) === undefined) return undefined;
  try {
    return await machine.files.realPath(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure("input", `${path} cannot be followed: ${reason}`, { code: "NotFound", cause: error });
  }
}

async function locatePath(
  named: string,
  path: string,
  address: string,
  machine: AddressMachine,
): Promise<LocatedBento> {
  const kind = (await machine.files.info(path))?.kind;
  if (kind === "file") {
    const { extractArchive } = await import("./archive/extract.ts");
    const directory = await machine.files.enclosed.enclose(await extractArchive(path, address, machine));
    return { directory, origin: "archive", address };
  }
  if (kind !== "directory") {
    throw new Failure("input", `${path} is neither a directory nor a file`, { code: "NotFound" });
  }
  const directory = await encloseNamed(named, machine);
  if (!(await holdsManifest(directory, machine))) {
    throw new Failure("bento", `The directory ${path} is not a Bento: it has no bento.yaml`, {
      code: "ManifestMissing",
      hint: PATH_ONLY.test(address)
        ? "Give the directory that `bentoml build` made, not the project or the store it lies in."
        : `A path that exists comes before a tag; for the Bento of that name in the store write "${address}:latest".`,
    });
  }
  return { directory, origin: "directory", address };
}

async function holdsManifest(directory: Enclosure, { files }: AddressMachine): Promise<boolean> {
  try {
    return (await files.enclosed.find(directory, "bento.yaml")) !== undefined;
  } catch (error) {
    if (error instanceof Failure) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure("bento", `${directory.path} cannot be read: ${reason}`, { code: "Unreadable", cause: error });
  }
}

async function locateTag(address: BentoAddress, path: string, machine: AddressMachine): Promise<LocatedBento> {
  const { bento } = address;
  if (PATH_ONLY.test(bento)) {
    throw new Failure("input", `There is nothing at ${path}`, {
      code: "NotFound",
      hint: `Relative paths start at ${machine.workspace}. Was the Bento built, or its artifact downloaded, in this job?`,
    });
  }
  const { tag, lowered } = parseTagReference(bento);
  if (lowered) machine.actions.warning(`The tag "${bento}" is lowered, as BentoML does.`);
  const { bentos } = storeDirectories(bentomlHome(address.bentomlHome, machine));
  try {
    const found = await findInStore(tag, bentos, machine);
    return { directory: await encloseNamed(found, machine), origin: "store", address: bento };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "NotFound") throw error;
    throw new Failure(error.class, `There is nothing at ${path}, and: ${error.message}`, {
      code: error.code,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}
