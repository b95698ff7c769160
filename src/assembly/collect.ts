import { basename, dirname, join } from "node:path/posix";
import type { RemoteFile } from "../bento/bento.ts";
import { Failure } from "../errors.ts";
import { rootParents } from "../image/layout.ts";
import type { Copy, PayloadLayer } from "../image/payload.ts";
import type { Recipe } from "../image/recipe.ts";
import type { GeneratedEntry } from "../image/source.ts";
import type { Owner } from "../image/step.ts";
import type { FileInfo, Files } from "../world/world.ts";
import type { FileEntry, LayerEntry, LayerPlan } from "./layer.ts";

type CollectFiles = Pick<Files, "info" | "list" | "readLink" | "realPath">;

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
 * @throws Failure `bento`, codes `EntryUnusable`, `NameReserved` and `UnsafePath`, naming what no layer can hold.
 */
export async function collectPayload(
  recipe: Recipe,
  epoch: number,
  files: CollectFiles,
  remote: RemoteFiles = new Map(),
): Promise<readonly CollectedLayer[]> {
  const layers = recipe.payload.filter(({ kind }) => kind !== "parents");
  return Promise.all(
    layers.map(async (layer) => {
      const found = await Promise.all(
        layer.copies.map((copy) => collectCopy(copy, layer.owner, recipe, files, remote)),
      );
      const entries = withParents(found.flat(), layer.owner, rootParents(recipe.layout));
      refuseReserved(entries, layer.name);
      return { layer, plan: { title: layer.name, entries, epoch } };
    }),
  );
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
  const found = await Promise.all(
    copy.sources.map(async (source) => {
      const file = remote.get(join(context, source));
      if (file !== undefined) return [remoteEntry(placeOf(copy.destination, source), file, owner)];
      const path = await locate(source, context, files);
      const info = await files.info(path);
      if (info?.kind === "directory") return collectDirectory(path, relative(copy.destination), owner, files);
      return [fileEntry(placeOf(copy.destination, source), path, info, owner)];
    }),
  );
  return found.flat();
}

/**
 * Follows links, but never out of the context: what else lies on this machine is no part of the image, and no builder
 * would find it. @throws Failure `bento`, code `UnsafePath`.
 */
async function locate(source: string, context: string, files: CollectFiles): Promise<string> {
  const root = await files.realPath(context);
  const path = await files.realPath(join(root, source)).catch(() => undefined);
  if (path === root || path?.startsWith(`${root}/`)) return path;
  throw new Failure("bento", `${join(context, source)} is a link that leads to nothing in ${context}`, {
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

async function collectDirectory(
  directory: string,
  place: string,
  owner: Owner,
  files: CollectFiles,
): Promise<readonly LayerEntry[]> {
  const inside = await Promise.all(
    (await files.list(directory)).map(async ({ name, kind }): Promise<readonly LayerEntry[]> => {
      const path = join(directory, name);
      const target = join(place, name);
      switch (kind) {
        case "directory":
          return collectDirectory(path, target, owner, files);
        case "symlink":
          return [{ kind: "link", path: target, target: await files.readLink(path), owner }];
        default:
          return [fileEntry(target, path, await files.info(path), owner)];
      }
    }),
  );
  return [directoryEntry(place, owner), ...inside.flat()];
}

function fileEntry(place: string, path: string, info: FileInfo | undefined, owner: Owner): FileEntry {
  if (info?.kind !== "file") {
    throw new Failure("bento", `${path} is ${info === undefined ? "gone" : "no regular file"}: no image can hold it`, {
      code: "EntryUnusable",
      hint: "Remove sockets, pipes and devices from the Bento, or build it anew.",
    });
  }
  const mode = (info.mode & OWNER_EXECUTES) === 0 ? PLAIN_MODE : EXECUTABLE_MODE;
  return { kind: "file", path: place, mode, owner, size: info.size, source: { kind: "path", path } };
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
  return Promise.all(
    inside.map(async (entry) => {
      const place = join(relative(destination), entry.path.slice(entry.path.indexOf("/") + 1));
      return generatedEntry(entry, place, owner, files);
    }),
  );
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
      return { ...fileEntry(place, entry.source, await files.info(entry.source), owner), mode: entry.mode };
    }
  }
}

/** Adds the directories that lie above the entries, and sorts all by the bytes of their paths. */
function withParents(entries: readonly LayerEntry[], owner: Owner, roots: readonly string[]): readonly LayerEntry[] {
  const all = new Map<string, LayerEntry>();
  for (const entry of entries) {
    for (let path = dirname(entry.path); path !== "."; path = dirname(path)) {
      all.set(path, directoryEntry(path, roots.includes(`/${path}`) ? ROOT : owner));
    }
    all.set(entry.path, entry);
  }
  return [...all.values()].sort((one, other) => Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)));
}

/** A name that starts so means "not there any more" to every engine that unpacks a layer. */
const WHITEOUT = ".wh.";

function refuseReserved(entries: readonly LayerEntry[], layer: string): void {
  const reserved = entries.filter(({ path }) => basename(path).startsWith(WHITEOUT)).map(({ path }) => path);
  if (reserved.length === 0) return;
  throw new Failure("bento", `${layer}: no image can hold files whose names start with ${WHITEOUT}`, {
    code: "NameReserved",
    lines: reserved,
    hint: "Rename them, or leave them out of the Bento.",
  });
}
