import { execFile } from "node:child_process";
import { appendFile, cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const DIST = resolve("dist");
const ENTRY_POINTS = ["bento-image", "main", "matrix", "merge", "post", "setup", "worker"];
/** Loaded by the others, at once or late. */
const OTHERS = ["libraries", "make-image", "rolldown-runtime", "run-command", "set-up-engine", "shared", "shared-late"];

/** The texts of a file and of all that it imports before it runs, by their names. */
async function eagerly(name: string, seen = new Map<string, string>()): Promise<ReadonlyMap<string, string>> {
  if (seen.has(name)) return seen;
  const text = await readFile(join(DIST, name), "utf8");
  seen.set(name, text);
  for (const [, other = ""] of text.matchAll(/^import\b[^;]*?"\.\/([^"]+)";$/gm)) await eagerly(other, seen);
  return seen;
}

describe.each(ENTRY_POINTS)("what %s.js loads before it runs", async (name) => {
  const files = await eagerly(`${name}.js`);
  const text = [...files.values()].join("\n");

  it("is at most 600 KB", () => {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(600_000);
  });

  it("has nothing of a big library", () => {
    expect([...files.keys()]).not.toContain("libraries.js");
    // The bundler heads each file of a bundle with its path.
    expect(text).not.toMatch(/^\/\/ node_modules\/(?:csv-parse|js-yaml|xz-decompress|yauzl)/m);
  });
});

// Each takes 5 to 30 ms to load.
it.each(["child_process", "http", "https", "tls", "zlib"])("no action loads node:%s before it runs", async (module) => {
  const loads = new RegExp(`^import\\b[^;]*"(?:node:)?${module}";$`, "m");
  for (const action of ["main", "matrix", "merge", "post", "setup"]) {
    for (const text of (await eagerly(`${action}.js`)).values()) expect(text).not.toMatch(loads);
  }
});

describe("dist/", () => {
  it("has few files, whose names stay the same", async () => {
    const scripts = [...ENTRY_POINTS, ...OTHERS].map((name) => `${name}.js`);
    expect((await readdir(DIST)).sort()).toEqual([...scripts, "licenses.txt"].sort());
  });

  it("has no http client, as this action has its own", async () => {
    for (const name of [...ENTRY_POINTS, ...OTHERS]) {
      const text = await readFile(join(DIST, `${name}.js`), "utf8");
      expect(text).not.toMatch(/^\/\/ node_modules\/(?:@actions\/http-client|undici)/m);
    }
  });

  it("comes with the licences of what is in it", async () => {
    const licenses = await readFile(join(DIST, "licenses.txt"), "utf8");
    for (const name of ["@actions/core", "csv-parse", "semver", "yauzl"]) expect(licenses).toContain(name);
  });

  it("is text that can be read in a review", async () => {
    for (const name of ["main", "shared", "shared-late", "make-image", "set-up-engine"]) {
      const text = await readFile(join(DIST, `${name}.js`), "utf8");
      expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(20_000);
    }
  });
});

describe("a change of src/", () => {
  let copy = "";

  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), "bento-image-bundle-"));
    for (const item of ["src", "package.json", "tsconfig.json"]) {
      await cp(item, join(copy, item), { recursive: true });
    }
    await symlink(resolve("node_modules"), join(copy, "node_modules"));
  });

  afterAll(() => rm(copy, { recursive: true }));

  async function built(): Promise<ReadonlyMap<string, string>> {
    await run(process.execPath, [resolve(".github/scripts/build.ts")], { cwd: copy });
    const names = await readdir(join(copy, "dist"));
    return new Map(
      await Promise.all(names.map(async (name) => [name, await readFile(join(copy, "dist", name), "utf8")] as const)),
    );
  }

  /** The files of dist/ that are not the same after the change. */
  async function changedBy(change: () => Promise<void>): Promise<readonly string[]> {
    const before = await built();
    await change();
    const after = await built();
    expect([...after.keys()]).toEqual([...before.keys()]);
    return [...after.keys()].filter((name) => after.get(name) !== before.get(name));
  }

  it("that every file of dist/ uses changes the shared file and the worker's", async () => {
    const change = (): Promise<void> => appendFile(join(copy, "src/errors.ts"), 'console.log("a change");\n');
    expect(await changedBy(change)).toEqual(["shared.js", "worker.js"]);
  });

  it("that few runs use changes one file", async () => {
    const change = (): Promise<void> =>
      appendFile(join(copy, "src/action/set-up-engine.ts"), 'console.log("a change");\n');
    expect(await changedBy(change)).toEqual(["set-up-engine.js"]);
  });

  it("in the catalogue of tools changes one file", async () => {
    const catalogue = join(copy, "src/tools/catalogue.json");
    const { buildx, ...others } = JSON.parse(await readFile(catalogue, "utf8"));
    const newer = { ...others, buildx: { ...buildx, "99.0.0": { amd64: { sha256: "0".repeat(64), size: 1 } } } };
    expect(await changedBy(() => writeFile(catalogue, JSON.stringify(newer)))).toEqual(["set-up-engine.js"]);
  });
});
