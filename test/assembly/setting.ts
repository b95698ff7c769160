/** Runs direct assembly as the action does. Everything is real except the registry, which is a fake over real HTTP, and the builder. */
import { join } from "node:path";
import { expect } from "vitest";
import { buildDirectly } from "../../src/action/build-directly.ts";
import type { BuildOutcome, Job } from "../../src/action/job.ts";
import type { LocatedModel } from "../../src/bento/bento.ts";
import { decodeWith } from "../../src/inputs/decode.ts";
import type { Inputs } from "../../src/inputs/schema.ts";
import { type HashJob, performHash } from "../../src/layers/hash.ts";
import { realFiles } from "../../src/machine/files.ts";
import type { Env, Machine, Workers } from "../../src/machine/machine.ts";
import { type Digest, digestOf } from "../../src/oci/digest.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { openStopwatch, type Stopwatch } from "../../src/report/stopwatch.ts";
import type { FakeRegistry } from "../fakes/registry.ts";
import { IMPATIENT, openTestRegistry, startRegistry, testMachine } from "../registry/fixture.ts";
import { type BentoChange, bentoIn, FILES, modelIn, recipeOf, type Tree, WEIGHTS, writeTree } from "./bentos.ts";
import { FakeBuilder } from "./builder.ts";
import { MANIFEST, storeBlob, storeManifest } from "./environments.ts";
import { makeTestDirectory } from "./plans.ts";

type Given = Readonly<Record<string, string>>;

export function inputsOf(given: Given): Inputs {
  const variables = Object.entries({ bento: "iris", ...given }).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ]);
  return decodeWith(Object.fromEntries(variables), () => []).inputs;
}

const BASE = "library/python";

export interface RunOptions {
  readonly bento?: BentoChange;
  /** Called while the builder runs; an error that it throws is the builder's failure. */
  readonly build?: (signal: AbortSignal, key: Digest) => Promise<unknown>;
  /** Called when the builder has pushed the environment. */
  readonly afterBuild?: (key: Digest) => unknown;
  readonly signal?: AbortSignal;
  /** Default: everything is hashed in this thread. */
  readonly workers?: Workers;
  /** Called when the lookups are done and no file has been read. */
  readonly beforeMake?: () => unknown;
  /** The creation time of the model. */
  readonly modelCreated?: string;
  /** Default: one model in BentoML's store. */
  readonly models?: readonly LocatedModel[];
  /** The layers of the builder's environment, bottom to top. */
  readonly environmentLayers?: readonly string[];
  /** The step's environment. */
  readonly env?: Env;
}

export interface Run {
  readonly outcome: BuildOutcome;
  /** The digest of the image. */
  readonly digest: Digest;
  readonly isUnchanged: boolean;
  /** Platforms of the environments that were built. */
  readonly built: readonly string[];
  /** Layer → origin of its digest. */
  readonly origins: Readonly<Record<string, string>>;
  /** The log, including warnings. */
  readonly lines: readonly string[];
}

export class Setting {
  readonly fake: FakeRegistry;
  /** The Bento's directory. */
  readonly bento: string;
  /** The model's directory. */
  readonly model: string;
  readonly root: string;

  constructor(root: string, fake: FakeRegistry) {
    this.root = root;
    this.fake = fake;
    this.bento = join(root, "bento");
    this.model = join(root, "model");
  }

  /** The full name of a tag in the fake registry. */
  name(tag: string): string {
    return `${this.fake.host}/${tag}`;
  }

  machine(signal = new AbortController().signal, lines: string[] = []): Machine {
    const machine = testMachine({}, undefined, signal);
    const say = (): void => undefined;
    const print = (line: string): void => void lines.push(line);
    return {
      ...machine,
      workspace: this.root,
      architecture: "x64",
      system: () => Promise.reject(new Error("no engine to start")),
      toolCache: () => Promise.reject(new Error("nothing to install")),
      listen: () => Promise.reject(new Error("no store to load into")),
      files: realFiles(this.root),
      filter: () => {
        throw new Error("nothing to unpack");
      },
      workers: { width: 1, run: (job) => performHash(job as HashJob, machine.files.enclosed) },
      actions: {
        ...machine.actions,
        info: print,
        warning: print,
        notice: print,
        debug: say,
        error: say,
        openGroup: () => ({ info: print, end: say }),
      },
      cancelAfter: say,
    };
  }

  /** Assembles an image and pushes it to `acme/iris:1`; the default backend is buildctl. */
  async run(given: Given = {}, options: RunOptions = {}): Promise<Run> {
    const {
      bento: change,
      build,
      afterBuild,
      signal,
      workers,
      beforeMake,
      modelCreated,
      models: others,
      environmentLayers,
      env = {},
    } = options;
    const lines: string[] = [];
    const builder = new FakeBuilder(this.fake, build, afterBuild, environmentLayers);
    const machine: Machine = {
      ...this.machine(signal, lines),
      env,
      processes: builder.processes,
      ...(workers === undefined ? {} : { workers }),
    };
    const image = { baseImage: this.name(`${BASE}:3.11`), ...change?.image };
    const bento = bentoIn(this.bento, { ...change, image });
    const models = others ?? [modelIn(this.model, modelCreated)];
    const inputs = inputsOf({ backend: "buildctl", tags: this.name("acme/iris:1"), push: "true", ...given });
    const recipe = recipeOf(bento, models, inputs.buildArgs);
    const watch = after(openStopwatch(), "find the environment", beforeMake);
    const job: Job = {
      inputs,
      bento,
      models,
      recipe,
      authFile: undefined,
      env: {},
      watch,
      machine,
      retryPolicy: IMPATIENT,
    };
    const outcome = await buildDirectly(job, recipe);
    if ("because" in outcome) throw new Error(outcome.because);
    const { digest } = outcome.result;
    if (digest === undefined && inputs.dryRun !== true) throw new Error("there is no image");
    return {
      outcome,
      digest: digest ?? digestOf("a dry run"),
      isUnchanged: outcome.assembly === "direct, image exists already",
      built: builder.built,
      origins: Object.fromEntries(outcome.payload.map(({ title, note = "" }) => [title, originOf(note)])),
      lines,
    };
  }

  /** The bytes of the manifest that a tag points to, parsed. */
  manifest(path: string, tag: string) {
    return JSON.parse(this.fake.manifests.get(path)?.get(tag)?.bytes.toString() ?? "null");
  }

  /** Requests since the last call, each with its method and its target. */
  requests(): readonly string[] {
    return this.fake.log.splice(0).map(printRequest);
  }
}

/** The origin of a layer from its note in the job summary; the note of a hashed layer explains its compression. */
function originOf(note: string): string {
  return ORIGINS[note] ?? "hashed";
}

const ORIGINS: Readonly<Record<string, string>> = {
  "cached, not read": "cached",
  "cached, verified by reading the files": "verified",
  "streamed from the Hub": "streamed",
};

/** A stopwatch that calls a function after a phase. */
function after(watch: Stopwatch, phase: string, happens: () => unknown = () => undefined): Stopwatch {
  return {
    phases: watch.phases,
    elapsed: watch.elapsed,
    async phase(title, work) {
      const result = await watch.phase(title, work);
      if (title === phase) await happens();
      return result;
    },
  };
}

/** `PUT manifest acme/iris:1`, `POST upload acme/iris`, `HEAD blob acme/iris`. */
function printRequest(line: string): string {
  const [, method = "", path = "", kind = "", rest = ""] =
    /^(\w+) \/v2\/(?:(.+)\/(blobs\/uploads|blobs|manifests)\/([^?]*))?/.exec(line) ?? [];
  if (kind === "") return `${method} /v2/`;
  const name = rest.replace(/^sha256:.*/, "").replace(/^(bento-\w+)-[0-9a-f]+$/, "$1");
  if (kind === "manifests") return `${method} manifest ${path}:${name}`;
  if (kind === "blobs") return `${method} blob ${path}`;
  return `${method} ${line.includes("mount=") ? "mount" : "upload"} ${path}`;
}

/** A Bento with a model, and a registry that has only the base image. */
export async function makeSetting(files: Tree = {}, weights: Tree = WEIGHTS): Promise<Setting> {
  const { root } = await makeTestDirectory();
  const setting = new Setting(root, await startRegistry());
  await writeTree(setting.bento, { ...FILES, ...files });
  await writeTree(setting.model, weights);
  const config = storeBlob(setting.fake, BASE, "application/vnd.oci.image.config.v1+json", "{}");
  storeManifest(setting.fake, BASE, "3.11", MANIFEST, { config, layers: [] });
  return setting;
}

/** ECR's answer to a push to an existing immutable tag. */
export const IMMUTABLE = { status: 400, code: "TAG_INVALID", message: "the tag is immutable" };

/** Tags in a repository, without the digits of keys. */
export function tagsOf({ fake }: Setting, path: string): readonly string[] {
  const names = [...(fake.manifests.get(path)?.keys() ?? [])].filter((name) => !name.startsWith("sha256:"));
  return names.map((name) => name.replace(/^(bento-\w+)-[0-9a-f]{40}$/, "$1")).sort();
}

/** Removes the tags with a prefix. */
export function removeTags({ fake }: Setting, path: string, start: string): void {
  const shelf = fake.manifests.get(path);
  for (const tag of shelf?.keys() ?? []) if (tag.startsWith(start)) shelf?.delete(tag);
}

/** Changes the manifest of the Bento's last image and removes the model records. */
export function changeLast(
  setting: Setting,
  change: (manifest: { readonly layers: readonly Layer[] }) => object,
): void {
  removeTags(setting, "acme/iris", "bento-model");
  const [last = ""] = [...(setting.fake.manifests.get("acme/iris")?.keys() ?? [])].filter((tag) =>
    tag.startsWith("bento-last"),
  );
  storeManifest(setting.fake, "acme/iris", last, MANIFEST, change(setting.manifest("acme/iris", last)));
}

export function hasTag({ fake }: Setting, tag: string): boolean {
  const [path = "", name = ""] = tag.split(":");
  return fake.manifests.get(path)?.has(name) ?? false;
}

/** Checks that every blob of the image at a tag exists. */
export async function checkWhole(setting: Setting, tag: string): Promise<void> {
  const { digest } = await openTestRegistry().describe(parseReference(setting.name(tag)));
  const [path = ""] = tag.split(":");
  const manifest = setting.manifest(path, digest);
  for (const { digest: named } of [manifest.config, ...manifest.layers]) {
    const bytes = setting.fake.blobs.get(path)?.get(named);
    expect(digestOf(bytes ?? "")).toBe(named);
  }
}

export interface Layer {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The payload layers of the image at a tag, bottom to top. */
export function payloadOf(setting: Setting, tag = "1", path = "acme/iris"): readonly Layer[] {
  const layers: readonly Layer[] = setting.manifest(path, tag).layers;
  return layers.filter(({ annotations }) => annotations?.["dev.bento-image.layer"] !== undefined);
}

/** The payload layer with a title, of the image at a tag. */
export function layerOf(setting: Setting, title: string, tag = "1", path = "acme/iris"): Layer | undefined {
  return payloadOf(setting, tag, path).find(({ annotations }) => annotations?.["dev.bento-image.layer"] === title);
}
