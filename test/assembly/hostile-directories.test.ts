/**
 * Bentos whose paths lead to what is not the Bento's. Every path that an honest run looks at, whichever these are, is
 * replaced in turn; nothing of what lies outside may be in what the run keeps, hands to a builder or puts into layers.
 */
import { execFileSync } from "node:child_process";
import { appendFile, cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { chooseEncoding } from "../../src/assembly/encoding.ts";
import { environmentKey } from "../../src/assembly/environment-key.ts";
import { type HashJob, performHash } from "../../src/assembly/hash.ts";
import { blobOf } from "../../src/assembly/layer-bytes.ts";
import { measureLayer } from "../../src/assembly/measure.ts";
import { planPayload } from "../../src/assembly/payload.ts";
import { locateBento } from "../../src/bento/address.ts";
import { readBento } from "../../src/bento/bento-directory.ts";
import { locateModels } from "../../src/bento/models.ts";
import { Failure } from "../../src/errors.ts";
import { FULL_DIALECT } from "../../src/image/dialect.ts";
import { digestOf } from "../../src/image/digest.ts";
import { imageSource } from "../../src/image/dockerfile.ts";
import { deriveSource } from "../../src/script/image-source.ts";
import { keepFiles } from "../../src/script/kept-files.ts";
import { blockingFiles } from "../../src/world/blocking-files.ts";
import type { EnclosedFiles } from "../../src/world/enclosure.ts";
import { unpackFixture } from "../bento/fixtures.ts";
import { type Machine, makeMachine } from "../bento/machine.ts";
import { recipeOf } from "./bentos.ts";
import { bytesOf, EPOCH } from "./plans.ts";

const CANARY = "canary-9174";
/** How the environment of this process begins. */
const ENVIRONMENT = (await readFile("/proc/self/environ", "latin1")).slice(0, 40);

interface Hostile {
  readonly machine: Machine;
  /** Absolute path of the Bento's directory. */
  readonly bento: string;
  readonly outside: string;
  /** Paths in the Bento that were looked at. */
  readonly seen: Set<string>;
  run(options?: { readonly dockerfile?: string; readonly meanwhile?: () => Promise<void> }): Promise<string>;
}

/** A real Bento that holds its models, and all that is done with its files, but for what registries and builders do. */
async function makeHostile(name: string, tag: string): Promise<Hostile> {
  const machine = await makeMachine();
  const { root } = machine;
  const home = await unpackFixture(join(root, "store"), `good/${name}/home.tar.gz`);
  const located = await locateBento({ bento: tag, bentomlHome: home }, machine.world);
  const bento = join(machine.world.workspace, "bento");
  const outside = join(root, "outside");
  await rename(located.directory.path, bento);
  await cp(join(home, "models"), join(bento, "models"), { recursive: true }).catch(() => undefined);
  await rm(home, { recursive: true });
  const seen = new Set<string>();
  const enclosed = recording(machine.world.files.enclosed, (path) => {
    if (path.startsWith(`${bento}/`)) seen.add(relative(bento, path));
  });
  const files = { ...machine.world.files, enclosed };
  const http = { request: () => Promise.reject(new Error("no test here needs the network")) };
  const world = { ...machine.world, files, http };
  const threads = { width: 2, run: (job: unknown) => performHash(job as HashJob, blockingFiles()) };

  return {
    machine,
    bento,
    outside,
    seen,
    async run({ dockerfile = "generated", meanwhile = async () => undefined } = {}) {
      const read = await readBento(await locateBento({ bento }, world), world);
      const models = await locateModels(read, {}, world);
      const recipe = recipeOf(read, models);
      await meanwhile();
      const inputs = { dockerfile, buildArgs: {} } as Parameters<typeof deriveSource>[0]["inputs"];
      const source = await deriveSource(
        { inputs, bento: read, models, recipe: undefined },
        { dialect: FULL_DIALECT },
        world,
      ).catch((error: unknown) => ignoreMissingDockerfile(error, imageSource(recipe)));
      const told: string[] = [];
      for (const one of [source, imageSource(recipe)]) {
        await keepFiles(one, world);
        told.push(one.dockerfile);
      }
      const platform = { os: "linux", architecture: "amd64" };
      const none = { buildArgs: {}, secretIds: [], sshIds: [], addHosts: [], compression: { format: "gzip" as const } };
      await environmentKey({ ...none, recipe, platform, base: digestOf("base"), epoch: EPOCH }, enclosed);
      const order = { epoch: EPOCH, compression: { format: "none" as const } };
      for (const { plan } of await planPayload(recipe, models, order, world)) {
        await chooseEncoding(plan, { format: "gzip", auto: true }, enclosed);
        await measureLayer(plan, { kind: "none" }, { files, workers: threads });
        told.push((await bytesOf(blobOf(plan, { kind: "none" }, enclosed))).toString("latin1"));
      }
      return told.join("\n");
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

/** Replaces a path by each of the replacements, does something with each, and puts back what was there. */
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

/** Puts the canary into a file, or into all that are below a directory. */
async function mark(path: string): Promise<void> {
  const inside = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  const files = inside?.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)) ?? [path];
  for (const file of files) await appendFile(file, `\n# ${CANARY}\n`);
}

function isClean(text: string): boolean {
  return ![CANARY, ENVIRONMENT].some((secret) => text.includes(secret));
}

/** All that the run kept and said. */
async function leftBy({ machine: { temporary, said } }: Hostile): Promise<string> {
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
  "Each path of the Bento %s that leads out of it ends the run, and is named",
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
  "No path of the Bento %s brings in what is outside when it is exchanged after it was looked at",
  { timeout: 300_000 },
  async (name, tag, dockerfile) => {
    const hostile = await makeHostile(name, tag);
    await hostile.run({ dockerfile });
    const codes = new Set<string>();
    for (const path of await existing(hostile)) {
      const exchange = async (meanwhile: () => Promise<void>, by: string): Promise<void> => {
        const outcome = await hostile.run({ dockerfile, meanwhile }).catch((error: unknown) => error);
        if (outcome instanceof Failure) codes.add(outcome.code);
        // What has become a link may be in a layer as a link; its target is text.
        else expect([path, by, outcome]).toEqual([path, by, expect.any(String)]);
        expect([path, by, isClean(String(outcome))]).toEqual([path, by, true]);
      };
      await eachReplaced(hostile, path, exchange, ["a link to a copy of it outside", "a pipe"]);
    }
    expect([...codes]).toContain("UnsafePath");
    expect(isClean(await leftBy(hostile))).toBe(true);
  },
);

/** The paths that were looked at and are there. */
async function existing({ bento, seen }: Hostile): Promise<readonly string[]> {
  const there = new Set(await readdir(bento, { recursive: true }));
  return [...seen].filter((path) => there.has(path));
}
