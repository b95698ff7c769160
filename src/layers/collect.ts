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

/** Files at the Hub, by the absolute paths that they would have on disk. */
type RemoteFiles = ReadonlyMap<string, RemoteFile>;

/** A layer of the recipe with all of its entries. */
export interface CollectedLayer {
  readonly layer: PayloadLayer;
  readonly plan: LayerPlan;
}

/** Modes are normalised, so they do not depend on the umask under which the Bento was built. A file that its owner may execute is executable for all. */
const DIRECTORY_MODE = 0o755;
const PLAIN_MODE = 0o644;
const EXECUTABLE_MODE = 0o755;
const OWNER_EXECUTES = 0o100;

const ROOT: Owner = { uid: 0, gid: 0 };

/**
 * Lists the entries of every payload layer of the recipe without reading files. Each layer contains the parent
 * directories of its files, with the owner and mode that the environment gives them: an engine would create a missing one
 * as root's, and it would replace the real one (https://github.com/opencontainers/image-spec/issues/970). The layer
 * `parents` is therefore not needed and left out.
 *
 * @throws Failure `bento`, codes `EntryUnusable`, `NameReserved`, `NameNotUtf8` and `UnsafePath`, with the paths that a
 * layer cannot contain.
 */
export async function collectPayload(
  recipe: Recipe,
  epoch: number,
  files: CollectFiles,
  remote: RemoteFiles = new Map(),
): Promise<readonly CollectedLayer[]> {
  const collected: CollectedLayer[] = [];
  // One layer after the other, which takes less memory for a Bento of 40,000 files and is not slower.
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
    if (file !== undefined) return [remoteEntry(targetPath(copy.destination, source), file, owner)];
    const located = await locate(source, context, files);
    if (located.kind === "directory") {
      return collectDirectory(located.directory, relative(copy.destination), owner, files);
    }
    return [fileEntry(targetPath(copy.destination, source), join(context.path, source), located, owner)];
  });
  return found.flat();
}

/**
 * Follows links inside the context. Files outside it are not part of the image, and a builder would not find them either.
 * @throws Failure `bento`, code `UnsafePath`.
 */
async function locate(source: string, context: Enclosure, files: CollectFiles): Promise<EnclosedEntry> {
  const found = await files.find(context, source);
  if (found !== undefined) return found;
  throw new Failure("bento", `${join(context.path, source)} is a link whose target does not exist in ${context.path}`, {
    code: "UnsafePath",
    hint: "Replace the link with its target, or build the Bento again.",
  });
}

/** The path of a copied file in the image: below a destination that ends in a slash, otherwise the destination itself, as with `COPY`. */
function targetPath(destination: string, source: string): string {
  return relative(destination.endsWith("/") ? join(destination, basename(source)) : destination);
}

function relative(path: string): string {
  return path.replace(/^\/+|(?<!\/)\/+$/g, "");
}

/** The directory and everything below it. Links in it stay links. */
async function collectDirectory(
  directory: Enclosure,
  imagePath: string,
  owner: Owner,
  files: CollectFiles,
): Promise<readonly LayerEntry[]> {
  const entries: LayerEntry[] = [];
  const pending = [{ directory, imagePath }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const here = next;
    entries.push(directoryEntry(here.imagePath, owner));
    const inside = await mapFiles(await files.list(here.directory), async ({ name, kind }) => {
      const path = join(here.imagePath, name);
      if (kind === "symlink") {
        entries.push({ kind: "link", path, target: await files.readLink(here.directory, name), owner });
        return [];
      }
      const found = await files.entry(here.directory, name);
      if (found?.kind === "directory") return [{ directory: found.directory, imagePath: path }];
      entries.push(fileEntry(path, join(here.directory.path, name), found, owner));
      return [];
    });
    pending.push(...inside.flat());
  }
  return entries;
}

/** @param hostPath the path on this machine, for messages. */
function fileEntry(imagePath: string, hostPath: string, found: EnclosedEntry | undefined, owner: Owner): FileEntry {
  if (found?.kind !== "file") {
    const problem = found === undefined ? "no longer exists" : "is not a regular file";
    throw new Failure("bento", `${hostPath} ${problem}, so it cannot be added to the image`, {
      code: "EntryUnusable",
      hint: "Remove sockets, pipes and devices from the Bento, or build it again.",
    });
  }
  const { file, info } = found;
  const mode = (info.mode & OWNER_EXECUTES) === 0 ? PLAIN_MODE : EXECUTABLE_MODE;
  return { kind: "file", path: imagePath, mode, owner, size: info.size, source: file };
}

function remoteEntry(imagePath: string, file: RemoteFile, owner: Owner): FileEntry {
  return { kind: "file", path: imagePath, mode: PLAIN_MODE, owner, size: file.size, source: { kind: "remote", file } };
}

function directoryEntry(path: string, owner: Owner): LayerEntry {
  return { kind: "directory", path, mode: DIRECTORY_MODE, owner };
}

/** Entries of the context `generated`. Direct assembly does not write this context to disk; its entries are values. */
async function collectGenerated(
  { sources, destination }: Copy,
  owner: Owner,
  generated: readonly GeneratedEntry[],
  files: CollectFiles,
): Promise<readonly LayerEntry[]> {
  const inside = generated.filter(({ path }) => sources.some((source) => path.startsWith(`${source}/`)));
  return mapFiles(inside, async (entry) => {
    const imagePath = join(relative(destination), entry.path.slice(entry.path.indexOf("/") + 1));
    return generatedEntry(entry, imagePath, owner, files);
  });
}

async function generatedEntry(
  entry: GeneratedEntry,
  imagePath: string,
  owner: Owner,
  files: CollectFiles,
): Promise<LayerEntry> {
  switch (entry.kind) {
    case "directory":
      return directoryEntry(imagePath, owner);
    case "link":
      return { kind: "link", path: imagePath, target: entry.target, owner };
    case "file": {
      const { content, mode } = entry;
      const size = Buffer.byteLength(content);
      return { kind: "file", path: imagePath, mode, owner, size, source: { kind: "content", content } };
    }
    case "copy": {
      const { from, source, mode } = entry;
      return { ...fileEntry(imagePath, join(from.path, source), await files.find(from, source), owner), mode };
    }
  }
}

/** Adds the parent directories of the entries, and sorts all entries by the bytes of their paths. */
function withParents(entries: readonly LayerEntry[], owner: Owner, roots: readonly string[]): readonly LayerEntry[] {
  const all = new Map<string, LayerEntry>();
  for (const entry of entries) {
    for (let path = dirname(entry.path); path !== "."; path = dirname(path)) {
      // Its own parents have been added with it.
      if (all.get(path)?.kind === "directory") break;
      all.set(path, directoryEntry(path, roots.includes(`/${path}`) ? ROOT : owner));
    }
    all.set(entry.path, entry);
  }
  return [...all.values()].sort((one, other) => compareBytes(one.path, other.path));
}

/** The prefix of whiteout files. An engine that unpacks a layer deletes the named file instead of creating this one. */
const WHITEOUT = ".wh.";

function refuseReserved(entries: readonly LayerEntry[], layer: string): void {
  const reserved = entries.filter(({ path }) => basename(path).startsWith(WHITEOUT)).map(({ path }) => path);
  if (reserved.length === 0) return;
  throw new Failure("bento", `${layer}: an image cannot contain files whose names start with ${WHITEOUT}`, {
    code: "NameReserved",
    lines: firstFew(reserved),
    hint: "Rename these files, or exclude them from the Bento.",
  });
}
