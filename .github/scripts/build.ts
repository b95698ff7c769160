/** Bundles src/ into dist/: readable ESM, and the licences of what is in it. */
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  build,
  type ChunkingContext,
  type CodeSplittingGroup,
  type OutputOptions,
  type RolldownOptions,
  type RolldownOutput,
} from "rolldown";

const DIST = "dist";

/** A module that nothing is taken from is left out, as the http client that libraries load for what this action never asks. */
const OPTIONS: RolldownOptions = { platform: "node", treeshake: { moduleSideEffects: false } };

const OUTPUT: OutputOptions = {
  entryFileNames: "[name].js",
  chunkFileNames: "[name].js",
  comments: false,
  // With the names of the source, so that a change of one file renames nothing in others.
  minifyInternalExports: false,
};

/** The command line, the actions and their post step, and a file for each module that is loaded late by `import()`. */
const ENTRY_POINTS = ["bento-image", "main", "matrix", "merge", "post", "setup"].map((name) => `src/${name}.ts`);
const MAIN = resolve("src/main.ts");
/** Shares nothing, so that a thread does not read what only the actions need. */
const WORKER = "src/worker.ts";

/** The modules that this one loads before it runs, itself included. */
function loadedBy(id: string, context: ChunkingContext, seen: Set<string> = new Set()): ReadonlySet<string> {
  if (seen.has(id)) return seen;
  seen.add(id);
  for (const imported of context.getModuleInfo(id)?.importedIds ?? []) loadedBy(imported, context, seen);
  return seen;
}

/** What two files of dist/ or more need: one file of what each build loads before it runs, one of what is loaded late. */
function sharedFiles(): CodeSplittingGroup {
  let early: ReadonlySet<string> | undefined;
  return {
    name(id, context) {
      early ??= loadedBy(MAIN, context);
      return early.has(id) ? "shared" : "shared-late";
    },
    debugName: "shared",
    minShareCount: 2,
  };
}

function bundle(dir: string): Promise<readonly RolldownOutput[]> {
  return build([
    { ...OPTIONS, input: ENTRY_POINTS, output: { ...OUTPUT, dir, codeSplitting: { groups: [sharedFiles()] } } },
    { ...OPTIONS, input: WORKER, output: { ...OUTPUT, dir } },
  ]);
}

/** Package directories whose code is in the bundle, e.g. `node_modules/@actions/core`. */
function bundledPackages(outputs: readonly RolldownOutput[]): readonly string[] {
  const chunks = outputs.flatMap(({ output }) => output).filter((file) => file.type === "chunk");
  const modules = chunks.flatMap((chunk) => Object.entries(chunk.modules));
  const taken = modules.filter(([, { renderedLength }]) => renderedLength > 0).map(([path]) => path);
  const packages = taken.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(packages)].sort();
}

async function licenseOf(directory: string): Promise<string> {
  const { name, version, license }: { name: string; version: string; license?: string } = JSON.parse(
    await readFile(join(directory, "package.json"), "utf8"),
  );
  const file = (await readdir(directory)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file === undefined ? "" : await readFile(join(directory, file), "utf8");
  return `${name} ${version} (${license ?? "see below"})\n\n${text.trim()}\n`;
}

/** Writes the bundle and its licences into an empty directory. */
async function write(directory: string): Promise<void> {
  const licenses = await Promise.all(bundledPackages(await bundle(directory)).map(licenseOf));
  await writeFile(join(directory, "licenses.txt"), licenses.join(`\n${"-".repeat(80)}\n\n`));
}

async function contentsOf(directory: string): Promise<ReadonlyMap<string, string>> {
  const names = existsSync(directory) ? await readdir(directory) : [];
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name), "utf8")] as const)),
  );
}

/** Names of files that are not the same in both. */
function differences(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name)).sort();
}

const fresh = await mkdtemp(join(tmpdir(), "bento-image-dist-"));
try {
  await write(fresh);
  const stale = differences(await contentsOf(DIST), await contentsOf(fresh));
  if (!process.argv.includes("--check")) {
    await rm(DIST, { recursive: true, force: true });
    await cp(fresh, DIST, { recursive: true });
  } else if (stale.length > 0) {
    console.error(`dist/ is not what src/ builds to (${stale.join(", ")}); run \`npm run bundle\` and commit it.`);
    process.exitCode = 1;
  }
} finally {
  await rm(fresh, { recursive: true });
}
