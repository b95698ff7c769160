import { resolve } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { Enclosure } from "../world/enclosure.ts";
import type { World } from "../world/world.ts";
import { extractArchive } from "./archive/extract.ts";
import type { LocatedBento } from "./bento.ts";
import { bentomlHome, expandPath, storeDirectories } from "./home.ts";
import { encloseNamed } from "./named-directory.ts";
import { findInStore } from "./store.ts";
import { parseReference } from "./tag.ts";

/** What the user asked for. */
export interface BentoAddress {
  /** A directory, an archive, or a tag of the store: `name`, `name:latest`, `name:version`, or the start of a version. */
  readonly bento: string;
  /** The store's root; see `bentomlHome` for what counts without it. */
  readonly bentomlHome?: string;
}

type AddressWorld = Pick<World, "env" | "workspace" | "files" | "filter" | "processes" | "actions" | "signal">;

/** What can only be a path: nothing of this is in the tag grammar. */
const PATH_ONLY = /^[.~$]|\/|\.(?:bento|tar|t?gz|t?xz|t?bz2|t?zst|zip)$/;

/**
 * Finds the Bento that an address means. What exists as a path wins over a tag; relative paths start at the workspace.
 * An archive is unpacked below the run's scratch directory; the store is only read.
 * @throws {Failure} input/NotFound, TagInvalid, Ambiguous; bento/ManifestMissing, ArchiveCorrupt, UnsafePath, TooLarge,
 * Unreadable; disk; cancelled.
 */
export async function locateBento(address: BentoAddress, world: AddressWorld): Promise<LocatedBento> {
  const { bento } = address;
  if (bento.trim() === "") throw new Failure("input", "No Bento was named", { code: "NotFound" });
  const path = resolve(world.workspace, expandPath(bento, world.env));
  const real = await existing(path, world);
  if (real !== undefined) return locatePath(path, real, bento, world);
  return locateTag(address, path, world);
}

async function existing(path: string, world: AddressWorld): Promise<string | undefined> {
  if ((await world.files.info(path)) === undefined) return undefined;
  try {
    return await world.files.realPath(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure("input", `${path} cannot be followed: ${reason}`, { code: "NotFound", cause: error });
  }
}

async function locatePath(named: string, path: string, address: string, world: AddressWorld): Promise<LocatedBento> {
  const kind = (await world.files.info(path))?.kind;
  if (kind === "file") {
    const directory = await world.files.enclosed.enclose(await extractArchive(path, address, world));
    return { directory, origin: "archive", address };
  }
  if (kind !== "directory") {
    throw new Failure("input", `${path} is neither a directory nor a file`, { code: "NotFound" });
  }
  const directory = await encloseNamed(named, world);
  if (!(await holdsManifest(directory, world))) {
    throw new Failure("bento", `The directory ${path} is not a Bento: it has no bento.yaml`, {
      code: "ManifestMissing",
      hint: PATH_ONLY.test(address)
        ? "Give the directory that `bentoml build` made, not the project or the store it lies in."
        : `A path that exists comes before a tag; for the Bento of that name in the store write "${address}:latest".`,
    });
  }
  return { directory, origin: "directory", address };
}

async function holdsManifest(directory: Enclosure, { files }: AddressWorld): Promise<boolean> {
  try {
    return (await files.enclosed.find(directory, "bento.yaml")) !== undefined;
  } catch (error) {
    if (error instanceof Failure) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure("bento", `${directory.path} cannot be read: ${reason}`, { code: "Unreadable", cause: error });
  }
}

async function locateTag(address: BentoAddress, path: string, world: AddressWorld): Promise<LocatedBento> {
  const { bento } = address;
  if (PATH_ONLY.test(bento)) {
    throw new Failure("input", `There is nothing at ${path}`, {
      code: "NotFound",
      hint: `Relative paths start at ${world.workspace}. Was the Bento built, or its artifact downloaded, in this job?`,
    });
  }
  const { tag, lowered } = parseReference(bento);
  if (lowered) world.actions.warning(`The tag "${bento}" is lowered, as BentoML does.`);
  const { bentos } = storeDirectories(bentomlHome(address.bentomlHome, world));
  try {
    const found = await findInStore(tag, bentos, world);
    return { directory: await encloseNamed(found, world), origin: "store", address: bento };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "NotFound") throw error;
    throw new Failure(error.class, `There is nothing at ${path}, and: ${error.message}`, {
      code: error.code,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}
