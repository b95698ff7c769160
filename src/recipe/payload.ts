import { dirname, join } from "node:path/posix";
import { type Bento, type BentoEntry, type LocatedModel, printTag } from "../bento/bento.ts";
import { folderName } from "../bento/hub/folder-name.ts";
import type { Enclosure } from "../machine/enclosure.ts";
import type { ModelContext } from "./contexts.ts";
import { type Layout, rootParents } from "./directories.ts";
import type { GeneratedEntry } from "./source.ts";
import type { Owner } from "./step.ts";

/** A layer of files that are copied unchanged and have one owner. `COPY --chown` and direct assembly give the same layer. */
export interface PayloadLayer {
  readonly kind: "model" | "bento" | "parents";
  /** For logs: `model iris_tree:bhba7q`, `env`, `src`. */
  readonly name: string;
  readonly owner: Owner;
  readonly copies: readonly Copy[];
}

/** A `COPY`: copies files or the contents of a directory to a destination. */
export interface Copy {
  /** The named context; undefined for the Bento's directory. */
  readonly context?: string;
  /** Literal paths in the context: one directory (`.` for the whole context), or files. */
  readonly sources: readonly string[];
  /** Absolute. With a trailing slash it is the directory for the sources, otherwise the new path of the source. */
  readonly destination: string;
}

const ROOT: Owner = { uid: 0, gid: 0 };
/** Directories of the Bento that change less often than its code. */
const FIRST = ["apis", "env"];
/** Directories that are taken from the located models instead. */
const MODELS = ["models", "hf-models"];

/**
 * The layers of files, from the one that changes least to the ones that change with every build. Modes are those of the
 * sources, except for the entrypoint and the setup script: an imported Bento may have lost their executable bit.
 */
export function payloadLayers(
  bento: Bento,
  contexts: readonly ModelContext[],
  layout: Layout,
): readonly PayloadLayer[] {
  const named = (kind: BentoEntry["kind"]) =>
    bento.entries.filter((entry) => entry.kind === kind && !MODELS.includes(entry.name)).map(({ name }) => name);
  const directories = named("directory");
  const layer = (name: string, copies: readonly Copy[]): PayloadLayer => ({
    kind: "bento",
    name,
    owner: layout,
    copies,
  });
  const directory = (name: string) => layer(name, [{ sources: [name], destination: `${join(layout.bento, name)}/` }]);
  return [
    ...contexts.map((context) => modelLayer(context, layout)),
    ...directories.filter((name) => FIRST.includes(name)).map(directory),
    layer("generated", [{ context: "generated", sources: ["bento"], destination: `${layout.bento}/` }]),
    ...directories.filter((name) => !FIRST.includes(name)).map(directory),
    layer("manifest", [
      { sources: named("file"), destination: `${layout.bento}/` },
      // The destination contains the name, so that a link to a directory becomes a directory of that name.
      ...named("symlink").map((name) => ({ sources: [name], destination: join(layout.bento, name) })),
    ]),
    {
      kind: "parents",
      name: "parents",
      owner: ROOT,
      copies: [{ context: "generated", sources: ["parents"], destination: "/" }],
    },
  ];
}

function modelLayer(context: ModelContext, layout: Layout): PayloadLayer {
  const name = `model ${printTag(context.located.model.tag)}`;
  return { kind: "model", name, owner: layout, copies: copyModel(context, layout.bento) };
}

/** Copies a model to its directory below `bento`, the Bento's directory in the image. */
export function copyModel({ name: context, located }: ModelContext, bento: string): readonly Copy[] {
  if (located.kind === "store") {
    const { name, version } = located.model.tag;
    return [{ context, sources: ["."], destination: `${bento}/models/${name}/${version}/` }];
  }
  // Each file keeps its path in the cache, so that one instruction copies all files of a directory under any names that
  // they have in the snapshot. The snapshot itself consists of links, as huggingface_hub creates it.
  const sources = [...new Set(located.files.map(({ source }) => source))].sort();
  const groups = Map.groupBy(sources, dirname);
  const root = join(bento, "hf-models", folderName(located.model.repository));
  return [...groups].map(([directory, files]) => ({
    context,
    sources: files,
    destination: `${join(root, directory)}/`,
  }));
}

/** The entries of the context `generated` that the layers copy; see {@link payloadLayers}. */
export function generatedEntries(
  bento: Bento,
  models: readonly LocatedModel[],
  layout: Layout,
): readonly GeneratedEntry[] {
  const scripts = ["entrypoint.sh", ...(bento.image.spec === 1 && bento.image.setupScript ? ["setup_script"] : [])];
  const entries: readonly GeneratedEntry[] = [
    ...["models", "hf-models"].map((name) => directoryEntry(join("bento", name))),
    ...modelEntries(models).map((entry) => ({ ...entry, path: join("bento", entry.path) })),
    ...scripts.map((name): GeneratedEntry => {
      const path = join("env/docker", name);
      return { kind: "copy", path: join("bento", path), mode: 0o755, from: bento.directory, source: path };
    }),
    ...rootParents(layout).map((path) => directoryEntry(join("parents", path))),
  ];
  return withParents(entries);
}

/** The `latest` files of the model store and the links of Hugging Face snapshots, below the Bento's directory. */
export function modelEntries(models: readonly LocatedModel[]): readonly GeneratedEntry[] {
  return [
    ...latestVersions(models).map(([name, version]) => fileEntry(join("models", name, "latest"), version)),
    ...models.flatMap(snapshotEntries),
  ];
}

/** The newest version of each model name, as in the `latest` files of BentoML's store. */
function latestVersions(models: readonly LocatedModel[]): readonly (readonly [string, string])[] {
  const newest = new Map<string, { readonly version: string; readonly time: number }>();
  for (const located of models) {
    if (located.kind !== "store") continue;
    const { name, version } = located.model.tag;
    const time = located.model.creationTime?.getTime() ?? 0;
    const previous = newest.get(name);
    if (previous === undefined || time >= previous.time) newest.set(name, { version, time });
  }
  return [...newest].map(([name, { version }]) => [name, version]);
}

function snapshotEntries(located: LocatedModel): readonly GeneratedEntry[] {
  if (located.kind !== "snapshot") return [];
  const { model, commit, files } = located;
  const root = join("hf-models", folderName(model.repository));
  const links = files.flatMap(({ source, path }): readonly GeneratedEntry[] => {
    const linkPath = join("snapshots", commit, path);
    if (linkPath === source) return [];
    return [
      { kind: "link", path: join(root, linkPath), target: join("../".repeat(linkPath.split("/").length - 1), source) },
    ];
  });
  const listing = join("trees", `${commit}.json`);
  return [
    ...links,
    // Without the listing, huggingface_hub 2 requests the file list of the commit from the Hub at every start.
    ...(located.listed ? [copyEntry(join(root, listing), located.directory, listing)] : []),
    // If the manifest names a branch, the server resolves it with this file instead of a request to the Hub.
    ...(model.revision === commit ? [] : [fileEntry(join(root, "refs", model.revision), commit)]),
  ];
}

function copyEntry(path: string, from: Enclosure, source: string): GeneratedEntry {
  return { kind: "copy", path, mode: 0o644, from, source };
}

function fileEntry(path: string, content: string): GeneratedEntry {
  return { kind: "file", path, mode: 0o644, content };
}

/** Adds the parent directories of the entries, and sorts all so that a directory comes before its entries. */
export function withParents(entries: readonly GeneratedEntry[]): readonly GeneratedEntry[] {
  const all = new Map<string, GeneratedEntry>();
  for (const entry of entries) {
    for (let path = dirname(entry.path); path !== "."; path = dirname(path)) all.set(path, directoryEntry(path));
    all.set(entry.path, entry);
  }
  return [...all.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function directoryEntry(path: string): GeneratedEntry {
  return { kind: "directory", path: path.replace(/^\//, ""), mode: 0o755 };
}
