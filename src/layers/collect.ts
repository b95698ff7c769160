import { basename, dirname, join } from "node:path/posix";
import type { RemoteFile } from "../bento/bento.ts";
import { Failure, firstFew } from "../errors.ts";
import { mapFiles } from "../machine/concurrency.ts";
import type { EnclosedEntry, EnclosedFiles, Enclosure } from "../machine/enclosure.ts";
import { rootParents } from "../recipe/directories.ts";
import type { Copy, PayloadLayer } from "../recipe/payload.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { GeneratedEntry } from "../recipe/source.ts";
import type { Owner } from "../recipe/step.ts";
import { compareBytes } from "../text/byte-order.ts";
import type { FileEntry, LayerEntry, LayerPlan } from "./layer.ts";

type CollectFiles = Pick<EnclosedFiles, "entry" | "find" | "list" | "readLink">;

/** Files at the Hub, by the absolute path that they would have on disk. */
type RemoteFiles = ReadonlyMap<string, RemoteFile>;

/** What a layer of the recipe holds, file by file. */
export interface CollectedLayer {
  readonly layer: PayloadLayer;
  readonly plan: LayerPlan;
}

/** With normalised modes, whatever the umask of who made the Bento; executable for all what its owner may execute. */
const DIRECTORY_MODE = 0o755;
const PLAIN_MODE = 0o644;
const EXECUTABLE_MODE = 0o755;
const OWNER_EXECUTES = 0o100;

const ROOT: Owner = { uid: 0, gid: 0 };

/**
 * Lists what every payload layer of the recipe holds. No file is read. Each layer brings the directories on the way to
 * its files with the owner and mode that the environment gives them: one left out would become root's, and shadow the
 * real one (https://github.com/opencontainers/image-spec/issues/970). The layer `parents` is therefore not among them.
 *
 * @throws Failure `bento`, codes `EntryUnusable`, `NameReserved`, `NameNotUtf8` and `UnsafePath`, naming what no layer
 * can hold.
 */
export async function collectPayload(
  recipe: Recipe,
  epoch: number,
  files: CollectFiles,
  remote: RemoteFiles = new Map(),
): Promise<readonly CollectedLayer[]> {
  const collected: CollectedLayer[] = [];
  // One after the other: a Bento of 40,000 files is listed in little memory, and not slower.
  for (const layer of recipe.payload.filter(({ kind }) => kind !== "parents")) {
    const found: (readonly LayerEntry[])[] = [];
    for (const copy of layer.copies) found.push(await collectCopy(copy, layer.owner, recipe, files, remote));
    const entries = withParents(found.flat(), layer.owner, rootParents(recipe.layout));
    refuseReserved(entries, layer.name);
    collected.push({ layer, plan: { title: layer.name, entries, epoch } });
  }
  return collected;
}

async function collectCopy(
  copy: Copy,
  owner: Owner,
  recipe: Recipe,
  files: CollectFiles,
  remote: RemoteFiles,
): Promise<readonly LayerEntry[]> {
  if (copy.context === "generated") return collectGenerated(copy, owner, recipe.generated, files);
  const context = recipe.contexts.find(({ name }) => name === copy.context)?.directory ?? recipe.context;
  const found = await mapFiles(copy.sources, async (source): Promise<readonly LayerEntry[]> => {
    const file = remote.get(join(context.path, source));
    if (file !== undefined) return [remoteEntry(placeOf(copy.destination, source), file, owner)];
    const located = await locate(source, context, files);
    if (located.kind === "directory") {
      return collectDirectory(located.directory, relative(copy.destination), owner, files);
    }
    return [fileEntry(placeOf(copy.destination, source), join(context.path, source), located, owner)];
  });
  return found.flat();
}

/**
 * Follows links, but never out of the context: what else lies on this machine is no part of the image, and no builder
 * would find it. @throws Failure `bento`, code `UnsafePath`.
 */
async function locate(source: string, context: Enclosure, files: CollectFiles): Promise<EnclosedEntry> {
  const found = await files.find(context, source);
  if (found !== undefined) return found;
  throw new Failure("bento", `${join(context.path, source)} is a link that leads to nothing in ${context.path}`, {
    code: "UnsafePath",
    hint: "Replace it with what it leads to, or build the Bento anew.",
  });
}

/** `COPY` puts a file into a destination that ends in a slash, and makes it the destination otherwise. */
function placeOf(destination: string, source: string): string {
  return relative(destination.endsWith("/") ? join(destination, basename(source)) : destination);
}

function relative(path: string): string {
  return path.replace(/^\/+|(?<!\/)\/+$/g, "");
}

/** The directory and all that is below it; links in it stay links. */
async function collectDirectory(
  directory: Enclosure,
  place: string,
  owner: Owner,
  files: CollectFiles,
): Promise<readonly LayerEntry[]> {
  const entries: LayerEntry[] = [];
  const ahead = [{ directory, place }];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const here = next;
    entries.push(directoryEntry(here.place, owner));
    const inside = await mapFiles(await files.list(here.directory), async ({ name, kind }) => {
      const path = join(here.place, name);
      if (kind === "symlink") {
        entries.push({ kind: "link", path, target: await files.readLink(here.directory, name), owner });
        return [];
      }
      const found = await files.entry(here.directory, name);
      if (found?.kind === "directory") return [{ directory: found.directory, place: path }];
      entries.push(fileEntry(path, join(here.directory.path, name), found, owner));
      return [];
    });
    ahead.push(...inside.flat());
  }
  return entries;
}

/** @param on the path on this machine, for messages. */
function fileEntry(place: string, on: string, found: EnclosedEntry | undefined, owner: Owner): FileEntry {
  if (found?.kind !== "file") {
    throw new Failure("bento", `${on} is ${found === undefined ? "gone" : "no regular file"}: no image can hold it`, {
      code: "EntryUnusable",
      hint: "Remove sockets, pipes and devices from the Bento, or build it anew.",
    });
  }
  const { file, info } = found;
  const mode = (info.mode & OWNER_EXECUTES) === 0 ? PLAIN_MODE : EXECUTABLE_MODE;
  return { kind: "file", path: place, mode, owner, size: info.size, source: file };
}

function remoteEntry(place: string, file: RemoteFile, owner: Owner): FileEntry {
  return { kind: "file", path: place, mode: PLAIN_MODE, owner, size: file.size, source: { kind: "remote", file } };
}

function directoryEntry(path: string, owner: Owner): LayerEntry {
  return { kind: "directory", path, mode: DIRECTORY_MODE, owner };
}

/** The context `generated` is never written when we make the layers: its entries are values. */
async function collectGenerated(
  { sources, destination }: Copy,
  owner: Owner,
  generated: readonly GeneratedEntry[],
  files: CollectFiles,
): Promise<readonly LayerEntry[]> {
  const inside = generated.filter(({ path }) => sources.some((source) => path.startsWith(`${source}/`)));
  return mapFiles(inside, async (entry) => {
    const place = join(relative(destination), entry.path.slice(entry.path.indexOf("/") + 1));
    return generatedEntry(entry, place, owner, files);
  });
}

async function generatedEntry(
  entry: GeneratedEntry,
  place: string,
  owner: Owner,
  files: CollectFiles,
): Promise<LayerEntry> {
  switch (entry.kind) {
    case "directory":
      return directoryEntry(place, owner);
    case "link":
      return { kind: "link", path: place, target: entry.target, owner };
    case "file": {
      const { content, mode } = entry;
      const size = Buffer.byteLength(content);
      return { kind: "file", path: place, mode, owner, size, source: { kind: "content", content } };
    }
    case "copy": {
      const { from, source, mode } = entry;
      return { ...fileEntry(place, join(from.path, source), await files.find(from, source), owner), mode };
    }
  }
}

/** Adds the directories that lie above the entries, and sorts all by the bytes of their paths. */
function withParents(entries: readonly LayerEntry[], owner: Owner, roots: readonly string[]): readonly LayerEntry[] {
  const all = new Map<string, LayerEntry>();
  for (const entry of entries) {
    for (let path = dirname(entry.path); path !== "."; path = dirname(path)) {
      // Those above it are there then, too.
      if (all.get(path)?.kind === "directory") break;
      all.set(path, directoryEntry(path, roots.includes(`/${path}`) ? ROOT : owner));
    }
    all.set(entry.path, entry);
  }
  return [...all.values()].sort((one, other) => compareBytes(one.path, other.path));
}

/** A name that starts so means "not there any more" to every engine that unpacks a layer. */
const WHITEOUT = ".wh.";

function refuseReserved(entries: readonly LayerEntry[], layer: string): void {
  const reserved = entries.filter(({ path }) => basename(path).startsWith(WHITEOUT)).map(({ path }) => path);
  if (reserved.length === 0) return;
  throw new Failure("bento", `${layer}: no image can hold files whose names start with ${WHITEOUT}`, {
    code: "NameReserved",
    lines: firstFew(reserved),
    hint: "Rename them, or leave them out of the Bento.",
  });
}
