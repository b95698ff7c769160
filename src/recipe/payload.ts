import { dirname, join } from "node:path/posix";
import { type Bento, type BentoEntry, type LocatedModel, printTag } from "../bento/bento.ts";
import { folderName } from "../bento/hub/folder-name.ts";
import type { Enclosure } from "../machine/enclosure.ts";
import type { ModelContext } from "./contexts.ts";
import { type Layout, rootParents } from "./directories.ts";
import type { GeneratedEntry } from "./source.ts";
import type { Owner } from "./step.ts";

/** Files of one owner that enter the image as they are. With `--chown` or directly assembled: the same layer. */
export interface PayloadLayer {
  readonly kind: "model" | "bento" | "parents";
  /** For logs: `model iris_tree:bhba7q`, `env`, `src`. */
  readonly name: string;
  readonly owner: Owner;
  readonly copies: readonly Copy[];
}

/** What `COPY` does: the contents of a directory, or files, go below a destination. */
export interface Copy {
  /** Named context; the Bento's directory when undefined. */
  readonly context?: string;
  /** Literal paths in the context: one directory (`.` is all of it), or files. */
  readonly sources: readonly string[];
  /** Absolute; with a slash at its end the directory that the sources go into, else the source's own new path. */
  readonly destination: string;
}

const ROOT: Owner = { uid: 0, gid: 0 };
/** Directories of the Bento that change less often than its code. */
const FIRST = ["apis", "env"];
/** Comes from the located models instead. */
const MODELS = ["models", "hf-models"];

/**
 * The layers of files, from what changes least to what changes with every build. Modes are those of the sources, but for
 * the entrypoint and setup script, which an imported Bento may have lost.
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
      // Followed by name, so that one to a directory stays a directory of that name.
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

/** Brings a model to its place below `bento`, the Bento's directory in the image. */
export function copyModel({ name: context, located }: ModelContext, bento: string): readonly Copy[] {
  if (located.kind === "store") {
    const { name, version } = located.model.tag;
    return [{ context, sources: ["."], destination: `${bento}/models/${name}/${version}/` }];
  }
  // Each file goes where it lies in the cache, so that one instruction takes all files of a directory, whatever they
  // are called in the snapshot; the snapshot itself is links, as huggingface_hub makes it.
  const sources = [...new Set(located.files.map(({ source }) => source))].sort();
  const groups = Map.groupBy(sources, dirname);
  const root = join(bento, "hf-models", folderName(located.model.repository));
  return [...groups].map(([directory, files]) => ({
    context,
    sources: files,
    destination: `${join(root, directory)}/`,
  }));
}

/** Everything of ours that the layers take from the context `generated`; see {@link payloadLayers}. */
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

/** Per model name the newest version, as BentoML's store keeps it. */
function latestVersions(models: readonly LocatedModel[]): readonly (readonly [string, string])[] {
  const newest = new Map<string, { readonly version: string; readonly time: number }>();
  for (const located of models) {
    if (located.kind !== "store") continue;
    const { name, version } = located.model.tag;
    const time = located.model.creationTime?.getTime() ?? 0;
    const known = newest.get(name);
    if (known === undefined || time >= known.time) newest.set(name, { version, time });
  }
  return [...newest].map(([name, { version }]) => [name, version]);
}

function snapshotEntries(located: LocatedModel): readonly GeneratedEntry[] {
  if (located.kind !== "snapshot") return [];
  const { model, commit, files } = located;
  const root = join("hf-models", folderName(model.repository));
  const links = files.flatMap(({ source, path }): readonly GeneratedEntry[] => {
    const place = join("snapshots", commit, path);
    if (place === source) return [];
    return [{ kind: "link", path: join(root, place), target: join("../".repeat(place.split("/").length - 1), source) }];
  });
  const listing = join("trees", `${commit}.json`);
  return [
    ...links,
    // Without its listing huggingface_hub 2 asks the Hub what belongs to the commit, at every start.
    ...(located.listed ? [copyEntry(join(root, listing), located.directory, listing)] : []),
    // Without the commit in the manifest the server looks the branch up, here instead of at the Hub.
    ...(model.revision === commit ? [] : [fileEntry(join(root, "refs", model.revision), commit)]),
  ];
}

function copyEntry(path: string, from: Enclosure, source: string): GeneratedEntry {
  return { kind: "copy", path, mode: 0o644, from, source };
}

function fileEntry(path: string, content: string): GeneratedEntry {
  return { kind: "file", path, mode: 0o644, content };
}

/** Adds the directories that the entries lie in; sorted, so that a directory comes before what is in it. */
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
