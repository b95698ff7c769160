/** All that an assembly needs, real but for the registry, which is a fake over real HTTP, and the builder. */
import { join } from "node:path";
import { expect } from "vitest";
import { type Assembled, Assembly, type EnvironmentBuilder } from "../../src/assembly/assembly.ts";
import { findBase } from "../../src/assembly/base.ts";
import { type Environment, findEnvironment } from "../../src/assembly/environment.ts";
import { type HashJob, performHash } from "../../src/assembly/hash.ts";
import {
  type EnvironmentRequest,
  findEnvironments,
  type Knowledge,
  recallPayload,
} from "../../src/assembly/knowledge.ts";
import { type Order, readOrder } from "../../src/assembly/order.ts";
import type { LocatedModel } from "../../src/bento/bento.ts";
import { digestOf } from "../../src/image/digest.ts";
import { parseReference, type Repository } from "../../src/image/reference.ts";
import { decodeWith } from "../../src/inputs/decode.ts";
import type { Inputs } from "../../src/inputs/schema.ts";
import type { Registries } from "../../src/registry/registries.ts";
import { openStopwatch } from "../../src/report/stopwatch.ts";
import type { Env, Workers, World } from "../../src/world/world.ts";
import type { FakeRegistry } from "../fakes/registry.ts";
import { openTestRegistries, openTestRegistry, startRegistry, testWorld } from "../registry/fixture.ts";
import { type BentoChange, bentoIn, FILES, modelIn, recipeOf, type Tree, WEIGHTS, writeTree } from "./bentos.ts";
import { AMD64, environmentConfig, MANIFEST, storeBlob, storeEnvironment, storeManifest } from "./environments.ts";
import { makePlace } from "./plans.ts";

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
  /** In place of a builder that pushes the environment at once. */
  readonly build?: EnvironmentBuilder;
  readonly signal?: AbortSignal;
  /** In place of threads: all is hashed in this one. */
  readonly workers?: Workers;
  /** Happens when everything is planned and nothing is read. */
  readonly beforeMake?: () => unknown;
  /** When the model was made. */
  readonly modelCreated?: string;
  /** In place of the one model in BentoML's store. */
  readonly models?: readonly LocatedModel[];
  /** The step's environment. */
  readonly env?: Env;
}

export interface Run {
  readonly assembled: Assembled;
  readonly isUnchanged: boolean;
  /** Environments that were not there. */
  readonly built: readonly EnvironmentRequest[];
  readonly knowledge: Knowledge;
  readonly order: Order;
  readonly origins: Readonly<Record<string, string>>;
}

export class Ground {
  readonly fake: FakeRegistry;
  /** The Bento's directory. */
  readonly bento: string;
  /** The model's. */
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

  world(signal = new AbortController().signal): World {
    const world = testWorld({}, undefined, signal);
    const say = (): void => undefined;
    return {
      ...world,
      workspace: this.root,
      architecture: "x64",
      system: () => Promise.reject(new Error("no engine to start")),
      toolCache: () => Promise.reject(new Error("nothing to install")),
      filter: () => {
        throw new Error("nothing to unpack");
      },
      workers: { width: 1, run: (job) => performHash(job as HashJob, world.files.enclosed) },
      actions: { ...world.actions, debug: say, notice: say, warning: say, error: say, startGroup: say, endGroup: say },
      cancelAfter: say,
    };
  }

  /** What direct.ts does, without an engine. The image goes to `acme/iris:1` unless told otherwise. */
  async run(
    given: Given = {},
    { bento: change, build, signal, workers, beforeMake, modelCreated, models: others, env = {} }: RunOptions = {},
  ): Promise<Run> {
    const world = { ...this.world(signal), env, ...(workers === undefined ? {} : { workers }) };
    const registries = openTestRegistries(world);
    const image = { baseImage: this.name(`${BASE}:3.11`), ...change?.image };
    const bento = bentoIn(this.bento, { ...change, image });
    const models = others ?? [modelIn(this.model, modelCreated)];
    const inputs = inputsOf({ tags: this.name("acme/iris:1"), push: "true", ...given });
    const recipe = recipeOf(bento, models, inputs.buildArgs);
    const order = readOrder(inputs, bento, recipe, AMD64, world);
    const [base, payload] = await Promise.all([
      findBase(registries, recipe.base, inputs.registryMirrors),
      recallPayload(recipe, models, order, registries, world),
    ]);
    if (typeof base === "object") throw base.failure;
    const knowledge = {
      ...payload,
      ...(await findEnvironments(recipe, order, base, payload.earlier, registries, world)),
    };
    const assembly = new Assembly(recipe, order, knowledge, registries, world, openStopwatch(world.now));
    const built: EnvironmentRequest[] = [];
    const builder = build ?? ((request) => this.buildEnvironment(request, order.cache, registries));
    const unchanged = await assembly.findUnchanged();
    await beforeMake?.();
    const assembled =
      unchanged ??
      (await assembly.make((request, either) => {
        built.push(request);
        return builder(request, either);
      }));
    const origins = Object.fromEntries(assembled.layers.map(({ title, origin }) => [title, origin]));
    return { assembled, isUnchanged: unchanged !== undefined, built, knowledge, order, origins };
  }

  /** A builder that is done at once. Without a repository to keep it, what it made lies somewhere else. */
  async buildEnvironment(
    { key, platform }: EnvironmentRequest,
    cache: Repository | undefined,
    registries: Registries,
  ): Promise<Environment> {
    const repository = cache ?? parseReference(this.name("scratch"));
    storeEnvironment(this.fake, repository.path, key, environmentConfig(key, platform));
    const found = await findEnvironment(registries, repository, key, platform);
    if (found === undefined) throw new Error("the environment is not there");
    return found;
  }

  /** The bytes of the manifest that a tag points to, parsed. */
  manifest(path: string, tag: string) {
    return JSON.parse(this.fake.manifests.get(path)?.get(tag)?.bytes.toString() ?? "null");
  }

  /** Requests since the last call, told by method and by what is asked for. */
  requests(): readonly string[] {
    return this.fake.log.splice(0).map(printRequest);
  }
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

/** A Bento with a model, and a registry that has nothing but the base image. */
export async function makeGround(files: Tree = {}, weights: Tree = WEIGHTS): Promise<Ground> {
  const { root } = await makePlace();
  const ground = new Ground(root, await startRegistry());
  await writeTree(ground.bento, { ...FILES, ...files });
  await writeTree(ground.model, weights);
  const config = storeBlob(ground.fake, BASE, "application/vnd.oci.image.config.v1+json", "{}");
  storeManifest(ground.fake, BASE, "3.11", MANIFEST, { config, layers: [] });
  return ground;
}

export function hasTag({ fake }: Ground, tag: string): boolean {
  const [path = "", name = ""] = tag.split(":");
  return fake.manifests.get(path)?.has(name) ?? false;
}

/** Every blob that the image under a tag names is there. */
export async function checkWhole(ground: Ground, tag: string): Promise<void> {
  const { digest } = await openTestRegistry().describe(parseReference(ground.name(tag)));
  const [path = ""] = tag.split(":");
  const manifest = ground.manifest(path, digest);
  for (const { digest: named } of [manifest.config, ...manifest.layers]) {
    const bytes = ground.fake.blobs.get(path)?.get(named);
    expect(digestOf(bytes ?? "")).toBe(named);
  }
}
