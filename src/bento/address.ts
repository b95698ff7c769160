import { resolve } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { Enclosure } from "../machine/enclosure.ts";
import type { Machine } from "../machine/machine.ts";
import { extractArchive } from "./archive/extract.ts";
import type { LocatedBento } from "./bento.ts";
import { bentomlHome, expandPath, storeDirectories } from "./home.ts";
import { encloseNamed } from "./named-directory.ts";
import { findInStore } from "./store.ts";
import { parseTagReference } from "./tag.ts";

/** The Bento that the inputs specify. */
export interface BentoAddress {
  /** A directory, an archive, or a tag of the store: `name`, `name:latest`, `name:version`, or a prefix of a version. */
  readonly bento: string;
  /** The store's root; see `bentomlHome` for its default. */
  readonly bentomlHome?: string;
}

type AddressMachine = Pick<Machine, "env" | "workspace" | "files" | "filter" | "processes" | "actions" | "signal">;

/** Matches text that can only be a path, because a tag cannot have these characters. */
const PATH_ONLY = /^[.~$]|\/|\.(?:bento|tar|t?gz|t?xz|t?bz2|t?zst|zip)$/;

/**
 * Locates the Bento of an address. An existing path has precedence over a tag; relative paths start at the workspace. An
 * archive is unpacked below the run's scratch directory; the store is only read.
 * @throws {Failure} input/NotFound, TagInvalid, Ambiguous; bento/ManifestMissing, ArchiveCorrupt, UnsafePath, TooLarge,
 * Unreadable; disk; cancelled.
 */
export async function locateBento(address: BentoAddress, machine: AddressMachine): Promise<LocatedBento> {
  const { bento } = address;
  if (bento.trim() === "") throw new Failure("input", "The input bento is empty", { code: "NotFound" });
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
    throw new Failure("input", `Cannot resolve the path ${path}: ${reason}`, { code: "NotFound", cause: error });
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
    const directory = await machine.files.enclosed.enclose(await extractArchive(path, address, machine));
    return { directory, origin: "archive", address };
  }
  if (kind !== "directory") {
    throw new Failure("input", `${path} is neither a directory nor a file`, { code: "NotFound" });
  }
  const directory = await encloseNamed(named, machine);
  if (!(await hasManifest(directory, machine))) {
    throw new Failure("bento", `The directory ${path} is not a Bento: it has no bento.yaml`, {
      code: "ManifestMissing",
      hint: PATH_ONLY.test(address)
        ? "Use the directory that `bentoml build` created, not the project or the store that contains it."
        : `An existing path has precedence over a tag. For the Bento of that name in the store, use "${address}:latest".`,
    });
  }
  return { directory, origin: "directory", address };
}

async function hasManifest(directory: Enclosure, { files }: AddressMachine): Promise<boolean> {
  try {
    return (await files.enclosed.find(directory, "bento.yaml")) !== undefined;
  } catch (error) {
    if (error instanceof Failure) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure("bento", `Cannot read ${directory.path}: ${reason}`, { code: "Unreadable", cause: error });
  }
}

async function locateTag(address: BentoAddress, path: string, machine: AddressMachine): Promise<LocatedBento> {
  const { bento } = address;
  if (PATH_ONLY.test(bento)) {
    throw new Failure("input", `${path} does not exist`, {
      code: "NotFound",
      hint: `Relative paths start at ${machine.workspace}. Check that this job has built the Bento or downloaded its artifact.`,
    });
  }
  const { tag, lowered } = parseTagReference(bento);
  if (lowered) machine.actions.warning(`The tag "${bento}" is changed to lower case, as BentoML does.`);
  const { bentos } = storeDirectories(bentomlHome(address.bentomlHome, machine));
  try {
    const found = await findInStore(tag, bentos, machine);
    return { directory: await encloseNamed(found, machine), origin: "store", address: bento };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "NotFound") throw error;
    throw new Failure(error.class, `${path} does not exist, and no Bento of the store matches: ${error.message}`, {
      code: error.code,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}
