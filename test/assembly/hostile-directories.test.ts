/**
 * Bentos with paths that lead outside the Bento. Every path that a normal run accesses is
 * replaced in turn. No outside content may appear in what the run stores, passes to a builder or puts into layers.
 */
import { execFileSync } from "node:child_process";
import { appendFile, cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { planPayload } from "../../src/assembly/prepare-layers.ts";
import { locateBento } from "../../src/bento/address.ts";
import { readBento } from "../../src/bento/bento-directory.ts";
import { locateModels } from "../../src/bento/models.ts";
import { environmentKey } from "../../src/cache/environment-key.ts";
import { deriveSource } from "../../src/commands/image-source.ts";
import { keepFiles } from "../../src/commands/kept-files.ts";
import { Failure } from "../../src/errors.ts";
import { chooseEncoding } from "../../src/layers/encoding.ts";
import { type HashJob, performHash } from "../../src/layers/hash.ts";
import { blobOf } from "../../src/layers/layer-bytes.ts";
import { measureLayer } from "../../src/layers/measure.ts";
import { blockingFiles } from "../../src/machine/blocking-files.ts";
import type { EnclosedFiles } from "../../src/machine/enclosure.ts";
import { digestOf } from "../../src/oci/digest.ts";
import { FULL_DIALECT } from "../../src/recipe/dialect.ts";
import { imageSource } from "../../src/recipe/dockerfile/dockerfile.ts";
import { unpackFixture } from "../bento/fixtures.ts";
import { makeSetting, type Setting } from "../bento/setting.ts";
import { recipeOf } from "./bentos.ts";
import { bytesOf, EPOCH } from "./plans.ts";

const CANARY = "canary-9174";
/** The start of this process's environment. */
const ENVIRONMENT = (await readFile("/proc/self/environ", "latin1")).slice(0, 40);

interface Hostile {
  readonly setting: Setting;
  /** Absolute path of the Bento's directory. */
  readonly bento: string;
  readonly outside: string;
  /** The paths in the Bento that the run accessed. */
  readonly seen: Set<string>;
  run(options?: { readonly dockerfile?: string; readonly meanwhile?: () => Promise<void> }): Promise<string>;
}

/** A real Bento that contains its models, and every operation on its files except those of registries and builders. */
async function makeHostile(name: string, tag: string): Promise<Hostile> {
  const setting = await makeSetting();
  const { root } = setting;
  const home = await unpackFixture(join(root, "store"), `good/${name}/home.tar.gz`);
  const located = await locateBento({ bento: tag, bentomlHome: home }, setting.machine);
  const bento = join(setting.machine.workspace, "bento");
  const outside = join(root, "outside");
  await rename(located.directory.path, bento);
  await cp(join(home, "models"), join(bento, "models"), { recursive: true }).catch(() => undefined);
  await rm(home, { recursive: true });
  const seen = new Set<string>();
  const enclosed = recording(setting.machine.files.enclosed, (path) => {
    if (path.startsWith(`${bento}/`)) seen.add(relative(bento, path));
  });
  const files = { ...setting.machine.files, enclosed };
  const http = { request: () => Promise.reject(new Error("no test here needs the network")) };
  const machine = { ...setting.machine, files, http };
  const threads = { width: 2, run: (job: unknown) => performHash(job as HashJob, blockingFiles()) };

  return {
    setting,
    bento,
    outside,
    seen,
    async run({ dockerfile = "generated", meanwhile = async () => undefined } = {}) {
      const read = await readBento(await locateBento({ bento }, machine), machine);
      const models = await locateModels(read, {}, machine);
      const recipe = recipeOf(read, models);
      await meanwhile();
      const inputs = { dockerfile, buildArgs: {} } as Parameters<typeof deriveSource>[0]["inputs"];
      const source = await deriveSource(
        { inputs, bento: read, models, recipe: undefined },
        { dialect: FULL_DIALECT },
        machine,
      ).catch((error: unknown) => ignoreMissingDockerfile(error, imageSource(recipe)));
      const contents: string[] = [];
      for (const one of [source, imageSource(recipe)]) {
        await keepFiles(one, machine);
        contents.push(one.dockerfile);
      }
      const platform = { os: "linux", architecture: "amd64" };
      const none = { buildArgs: {}, secretIds: [], sshIds: [], addHosts: [], compression: { format: "gzip" as const } };
      await environmentKey({ ...none, recipe, platform, base: digestOf("base"), epoch: EPOCH }, enclosed);
      const request = { epoch: EPOCH, compression: { format: "none" as const } };
      for (const { plan } of await planPayload(recipe, models, request, machine)) {
        await chooseEncoding(plan, { format: "gzip", auto: true }, enclosed);
        await measureLayer(plan, { kind: "none" }, { files, workers: threads });
        contents.push((await bytesOf(blobOf(plan, { kind: "none" }, enclosed))).toString("latin1"));
      }
      return contents.join("\n");
    },
  };
}

/** Most Bentos store no Dockerfile. */
function ignoreMissingDockerfile<T>(error: unknown, otherwise: T): T {
  if (error instanceof Failure && error.class === "input") return otherwise;
  throw error;
}

function recording(files: EnclosedFiles, see: (path: string) => void): EnclosedFiles {
  const note = <T>(path: string, result: T): T => {
    see(path);
    return result;
  };
  return {
    enclose: (directory) => note(directory, files.enclose(directory)),
    find: (directory, path) => note(join(directory.path, path), files.find(directory, path)),
    list: (directory) => note(directory.path, files.list(directory)),
    entry: (directory, name) => note(join(directory.path, name), files.entry(directory, name)),
    readLink: (directory, name) => note(join(directory.path, name), files.readLink(directory, name)),
    read: (file, start, length) => note(file.path, files.read(file, start, length)),
    info: (file) => note(file.path, files.info(file)),
    pieces: (file) => note(file.path, files.pieces(file)),
  };
}

const REPLACEMENTS: Readonly<Record<string, (path: string, outside: string) => Promise<void>>> = {
  "a link to a copy of it outside": (path, outside) => symlink(join(outside, "copy"), path),
  "a link to a file outside": (path, outside) => symlink(join(outside, "secret"), path),
  "a link to a directory outside": (path, outside) => symlink(outside, path),
  "a link to a device without end": (path) => symlink("/dev/zero", path),
  "a link to the environment of this process": (path) => symlink("/proc/self/environ", path),
  "a pipe": async (path) => void execFileSync("sh", ["-c", 'mkfifo "$0"', path]),
};

/** Replaces a path by each of the replacements in turn, runs a function with each, and restores the path. */
async function eachReplaced(
  { bento, outside }: Hostile,
  path: string,
  work: (replace: () => Promise<void>, by: string) => Promise<void>,
  all = Object.keys(REPLACEMENTS),
): Promise<void> {
  const place = join(bento, path);
  const kept = `${bento}-kept`;
  await mkdir(outside);
  await cp(place, join(outside, "copy"), { recursive: true });
  await mark(join(outside, "copy"));
  for (const name of ["secret", "model.yaml", "bento.yaml", "entrypoint.sh"])
    await writeFile(join(outside, name), CANARY);
  for (const by of all) {
    await work(async () => {
      await rename(place, kept);
      await REPLACEMENTS[by]?.(place, outside);
    }, by);
    await rm(place, { recursive: true, force: true });
    await rename(kept, place);
  }
  await rm(outside, { recursive: true });
}

/** Writes the canary into a file, or into all files below a directory. */
async function mark(path: string): Promise<void> {
  const inside = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  const files = inside?.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)) ?? [path];
  for (const file of files) await appendFile(file, `\n# ${CANARY}\n`);
}

function isClean(text: string): boolean {
  return ![CANARY, ENVIRONMENT].some((secret) => text.includes(secret));
}

/** Everything that the run stored and printed. */
async function leftBy({ setting: { temporary, said } }: Hostile): Promise<string> {
  const entries = await readdir(temporary, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return [...(await Promise.all(files.map((path) => readFile(path, "latin1")))), ...said].join("\n");
}

it.each([
  ["sklearn", "iris_classifier", "generated"],
  ["toolbox", "toolbox", "generated"],
  ["v1-setup-script", "classic", "generated"],
  ["v1-template", "templater", "stored"],
  ["v1-conda", "snake", "generated"],
])(
  "Each path of the Bento %s that leads outside fails the run with a message that names it",
  { timeout: 300_000 },
  async (name, tag, dockerfile) => {
    const hostile = await makeHostile(name, tag);
    await hostile.run({ dockerfile });
    const paths = await existing(hostile);
    expect(paths).toEqual(expect.arrayContaining(["bento.yaml", "env", "env/docker/entrypoint.sh", "src"]));
    for (const path of paths) {
      await eachReplaced(hostile, path, async (replace, by) => {
        await replace();
        const failure = await hostile.run({ dockerfile }).catch((error: unknown) => error);
        expect([path, by, failure]).toEqual([path, by, expect.any(Failure)]);
        expect(failure).toMatchObject({ class: "bento", message: expect.stringContaining(path) });
        expect([path, by, isClean(String(failure))]).toEqual([path, by, true]);
      });
    }
    expect(isClean(await leftBy(hostile))).toBe(true);
  },
);

it.each([
  ["sklearn", "iris_classifier", "generated"],
  ["v1-template", "templater", "stored"],
])(
  "No path of the Bento %s adds outside content when it is replaced after it was checked",
  { timeout: 300_000 },
  async (name, tag, dockerfile) => {
    const hostile = await makeHostile(name, tag);
    await hostile.run({ dockerfile });
    const codes = new Set<string>();
    for (const path of await existing(hostile)) {
      const exchange = async (meanwhile: () => Promise<void>, by: string): Promise<void> => {
        const outcome = await hostile.run({ dockerfile, meanwhile }).catch((error: unknown) => error);
        if (outcome instanceof Failure) codes.add(outcome.code);
        // A path that became a link may be in a layer as a link, because its target is only text.
        else expect([path, by, outcome]).toEqual([path, by, expect.any(String)]);
        expect([path, by, isClean(String(outcome))]).toEqual([path, by, true]);
      };
      await eachReplaced(hostile, path, exchange, ["a link to a copy of it outside", "a pipe"]);
    }
    expect([...codes]).toContain("UnsafePath");
    expect(isClean(await leftBy(hostile))).toBe(true);
  },
);

/** The paths that the run accessed and that exist. */
async function existing({ bento, seen }: Hostile): Promise<readonly string[]> {
  const there = new Set(await readdir(bento, { recursive: true }));
  return [...seen].filter((path) => there.has(path));
}
