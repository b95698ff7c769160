/** Bundles src/ into dist/: readable ESM, one chunk for what every run needs, others for what few runs need; and their licences. */
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";

const DIST = "dist";
/** What is required at run time are modules of Node, for all others are in the bundle. */
const BANNER = "const require = process.getBuiltinModule;";

/**
 * @actions/core pulls in an http client of 400 KB for OIDC tokens, and @actions/exec to tell the machine's platform: this
 * action asks for neither, and loads the latter only when it runs a program by it. @actions/tool-cache has the client for
 * downloads, which this action does itself.
 */
const lessOfCore: Plugin = {
  name: "less-of-core",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(@actions\/http-client|\.\/oidc-utils\.js|\.\/platform\.js)/ }, ({ path, importer }) =>
      /@actions\/(core|tool-cache)/.test(importer) ? { path, namespace: "absent" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "absent" }, () => ({
      contents: ["OidcClient", "HttpClient"]
        .map(
          (name) =>
            `export class ${name} { static async getIDToken() { throw new Error("not part of this action"); } }`,
        )
        .join("\n"),
    }));
  },
};

/** Modules of Node that take 8 and 3 ms to load, and what is used of them by whom a start needs. */
const LATE = [
  {
    module: "crypto",
    names: ["createHash", "createHmac", "randomBytes", "randomUUID", "timingSafeEqual"],
    importer: /./,
  },
  { module: "assert", names: ["ok"], importer: /@actions\/io/ },
] as const;

/**
 * @actions/core needs node:crypto for outputs, src/ for digests, and @actions/io node:assert: who first asks for something of
 * them loads them. A name that is not in `LATE` fails the build.
 */
const lateModules: Plugin = {
  name: "late-modules",
  setup({ onResolve, onLoad }) {
    for (const { module, names, importer: who } of LATE) {
      const load = `process.getBuiltinModule("node:${module}")`;
      const contents = names.map((name) => `export const ${name} = (...args) => ${load}.${name}(...args);`).join("\n");
      onResolve({ filter: new RegExp(`^(node:)?${module}$`) }, ({ importer }) =>
        who.test(importer) ? { path: module, namespace: "late" } : undefined,
      );
      onLoad({ filter: new RegExp(`^${module}$`), namespace: "late" }, () => ({ contents }));
    }
  },
};

/**
 * A module that is loaded late gets an import of all that its door loads at once, which is there by then. esbuild makes a
 * chunk for each set of late modules that share something with the door: here all share everything, so that a start reads
 * one big chunk and not 16 small ones, of 1 ms each.
 */
function wholeStart({ inputs }: Metafile, door: string): Plugin {
  const imports = Object.values(inputs).flatMap((input) => input.imports);
  const late = imports.filter(({ kind, external }) => kind === "dynamic-import" && external !== true);
  const paths = new Set(
    late.map(({ path }) => resolve(path)).filter((path) => inputs[relative(".", path)]?.format === "esm"),
  );
  const eager = (inputs[door]?.imports ?? []).map(({ path }) => `import ${JSON.stringify(resolve(path))};`).join("\n");
  return {
    name: "whole-start",
    setup({ onLoad }) {
      onLoad({ filter: /\.m?[jt]s$/ }, async ({ path }) =>
        paths.has(path)
          ? { contents: `${await readFile(path, "utf8")}\n${eager}\n`, loader: path.endsWith("ts") ? "ts" : "js" }
          : undefined,
      );
    },
  };
}

/** The actions, their post step, and the door of worker threads. They share no chunk, so that neither loads what only the other needs. */
const DOORS = ["main", "matrix", "merge", "post", "setup", "worker"] as const;

async function bundle(door: string, outdir: string): Promise<Metafile> {
  const file = `src/${door}.ts`;
  const options = {
    entryPoints: { [door]: file },
    outdir,
    bundle: true,
    splitting: true,
    chunkNames: "[name]-[hash]",
    format: "esm",
    platform: "node",
    target: "node24",
    banner: { js: BANNER },
    metafile: true,
    legalComments: "none",
    plugins: [lessOfCore, lateModules],
    logLevel: "warning",
  } satisfies BuildOptions;
  const { metafile } = await build({ ...options, write: false });
  return (await build({ ...options, plugins: [wholeStart(metafile, file), ...options.plugins] })).metafile;
}

/** Package directories whose files are in the bundle, e.g. `node_modules/@actions/core`. */
function bundledPackages(metafiles: readonly Metafile[]): readonly string[] {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const names = inputs.flatMap((path) => /^(?:.*node_modules\/)((?:@[^/]+\/)?[^/]+)/.exec(path)?.[0] ?? []);
  return [...new Set(names)].sort();
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
  const metafiles = await Promise.all(DOORS.map((door) => bundle(door, directory)));
  const licenses = await Promise.all(bundledPackages(metafiles).map(licenseOf));
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
    console.error(`dist/ is not what src/ builds to (${stale.join(", ")}); run \`npm run build\` and commit it.`);
    process.exitCode = 1;
  }
} finally {
  await rm(fresh, { recursive: true });
}
