/** All that an assembly needs, real but for the registry, which is a fake over real HTTP, and the builder. */
import { join } from "node:path";
import { type Assembled, Assembly, type EnvironmentBuilder } from "../../src/assembly/assembly.ts";
import { findBase } from "../../src/assembly/base.ts";
import { type Environment, findEnvironment } from "../../src/assembly/environment.ts";
import { type HashJob, performHash } from "../../src/assembly/hash.ts";
import { type EnvironmentRequest, gatherKnowledge, type Knowledge } from "../../src/assembly/knowledge.ts";
import { ENVIRONMENT_LABEL, environmentTag } from "../../src/assembly/names.ts";
import { type Order, readOrder } from "../../src/assembly/order.ts";
import { type Digest, digestOf } from "../../src/image/digest.ts";
import { parseReference, type Repository } from "../../src/image/reference.ts";
import { decodeWith } from "../../src/inputs/decode.ts";
import type { Inputs } from "../../src/inputs/schema.ts";
import type { Registries } from "../../src/registry/registries.ts";
import { openStopwatch } from "../../src/report/stopwatch.ts";
import type { World } from "../../src/world/world.ts";
import type { FakeRegistry } from "../fakes/registry.ts";
import { openTestRegistries, startRegistry, testWorld } from "../registry/fixture.ts";
import { type BentoChange, bentoIn, FILES, modelIn, recipeOf, type Tree, WEIGHTS, writeTree } from "./bentos.ts";
import { makePlace } from "./plans.ts";

type Given = Readonly<Record<string, string>>;

export function inputsOf(given: Given): Inputs {
  const variables = Object.entries({ bento: "iris", ...given }).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ]);
  return decodeWith(Object.fromEntries(variables), () => []).inputs;
}

export const AMD64 = { os: "linux", architecture: "amd64" };
const BASE = "library/python";

export interface Stored {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
}

/** Puts a blob into a repository of the fake registry. */
export function storeBlob(fake: FakeRegistry, path: string, mediaType: string, content: string): Stored {
  const bytes = Buffer.from(content);
  const digest = digestOf(bytes);
  const shelf = fake.blobs.get(path) ?? new Map();
  fake.blobs.set(path, shelf.set(digest, bytes));
  return { mediaType, digest, size: bytes.length };
}

/** Puts a manifest or an index there, under its digest and a tag. */
export function storeManifest(
  fake: FakeRegistry,
  path: string,
  tag: string,
  mediaType: string,
  manifest: object,
): Stored {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...manifest }));
  const digest = digestOf(bytes);
  const shelf = fake.manifests.get(path) ?? new Map();
  fake.manifests.set(path, shelf.set(digest, { bytes, mediaType }).set(tag, { bytes, mediaType }));
  return { mediaType, digest, size: bytes.length };
}

export const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const INDEX = "application/vnd.oci.image.index.v1+json";
const LAYERS = ["the base", "the packages"];

/** The configuration that a builder leaves of an environment. */
export function environmentConfig(key: Digest, platform: object = AMD64) {
  return {
    created: "1980-01-02T00:00:00Z",
    ...platform,
    config: {
      User: "root",
      Env: ["PATH=/app/.venv/bin:/usr/bin:/bin", "LANG=C.UTF-8"],
      Cmd: ["python3"],
      WorkingDir: "/home/bentoml/bento",
      Labels: { maintainer: "base", [ENVIRONMENT_LABEL]: key },
    },
    rootfs: { type: "layers", diff_ids: LAYERS.map((layer) => digestOf(`${layer}, unpacked`)) },
    history: [{ created_by: "base" }, { created_by: "ENV", empty_layer: true }, { created_by: "RUN" }],
  };
}

/** What a builder would push for this key. */
export function storeEnvironment(
  fake: FakeRegistry,
  path: string,
  key: Digest,
  config: object = environmentConfig(key),
): Stored {
  const described = storeBlob(fake, path, "application/vnd.oci.image.config.v1+json", JSON.stringify(config));
  const type = "application/vnd.oci.image.layer.v1.tar+gzip";
  const layers = LAYERS.map((layer) => storeBlob(fake, path, type, layer));
  return storeManifest(fake, path, environmentTag(key), MANIFEST, { config: described, layers });
}

export interface RunOptions {
  readonly bento?: BentoChange;
  /** In place of a builder that pushes the environment at once. */
  readonly build?: EnvironmentBuilder;
  readonly signal?: AbortSignal;
  /** When the model was made. */
  readonly modelCreated?: string;
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
      workers: { width: 1, run: (job) => performHash(job as HashJob, world.files) },
      actions: { ...world.actions, debug: say, notice: say, warning: say, error: say, startGroup: say, endGroup: say },
      cancelAfter: say,
    };
  }

  /** What direct.ts does, without an engine. The image goes to `acme/iris:1` unless told otherwise. */
  async run(given: Given = {}, { bento: change, build, signal, modelCreated }: RunOptions = {}): Promise<Run> {
    const world = this.world(signal);
    const registries = openTestRegistries(world);
    const image = { baseImage: this.name(`${BASE}:3.11`), ...change?.image };
    const bento = bentoIn(this.bento, { ...change, image });
    const models = [modelIn(this.model, modelCreated)];
    const recipe = recipeOf(bento, models);
    const inputs = inputsOf({ tags: this.name("acme/iris:1"), push: "true", ...given });
    const order = readOrder(inputs, bento, recipe, AMD64, world);
    const base = await findBase(registries, recipe.base, inputs.registryMirrors);
    if (typeof base === "object") throw base.failure;
    const knowledge = await gatherKnowledge(recipe, models, order, base, registries, world);
    const assembly = new Assembly(recipe, order, knowledge, registries, world, openStopwatch(world.now));
    const built: EnvironmentRequest[] = [];
    const builder = build ?? ((request) => this.buildEnvironment(request, order.cache, registries));
    const unchanged = await assembly.findUnchanged();
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
