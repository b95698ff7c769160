import { type Digest, digestOf } from "../image/digest.ts";
import type { Recipe } from "../image/recipe.ts";
import { distinctRepositories, type Reference, repositoryOf } from "../image/reference.ts";
import type { ContentProvider } from "../registry/content.ts";
import { describe } from "../registry/describe.ts";
import { writeLayout } from "../registry/layout.ts";
import { checkLayerCount, checkLimits } from "../registry/limits.ts";
import type { Descriptor } from "../registry/manifest.ts";
import { inParallel } from "../registry/parallel.ts";
import type { Registries } from "../registry/registries.ts";
import { repositoryContent } from "../registry/resolve.ts";
import { transfer } from "../registry/transfer.ts";
import { verify } from "../registry/verify.ts";
import type { SizeChange } from "../report/report.ts";
import type { Stopwatch } from "../report/stopwatch.ts";
import type { ImageDescription } from "../result/result.ts";
import type { World } from "../world/world.ts";
import { abortableWorkers } from "./abortable.ts";
import type { Environment } from "./environment.ts";
import { type AssembledImage, assemble } from "./image.ts";
import type { EnvironmentRequest, Knowledge } from "./knowledge.ts";
import type { CachedImage, KnownLayer } from "./known.ts";
import { pushModelPacks } from "./model-pack.ts";
import { CONTENT_KEY } from "./names.ts";
import { type Order, targetsOf } from "./order.ts";
import { type LayerJob, LayerLost, type PreparedLayer, prepareLayer, sizeAhead } from "./payload.ts";
import { inPlace, noteEnvironments, noteKnowledge, openPlacement, type Placement } from "./placement.ts";
import { rememberImage, rememberModels } from "./remember.ts";
import { openSemaphore } from "./semaphore.ts";
import { sizeChanges } from "./size-changes.ts";
import { streamLayer } from "./stream-layer.ts";
import { isRemote } from "./tar.ts";
import { findWaste } from "./waste.ts";

/** What was assembled, or found to be there already. */
export interface Assembled {
  readonly image: ImageDescription;
  readonly layers: readonly PreparedLayer[];
  /** Bytes of blobs and documents that went to registries. */
  readonly uploadedBytes: number;
  readonly changes: readonly SizeChange[];
  /** What the user should know, a sentence each. */
  readonly notes: readonly string[];
}

/** Makes the environment of a request; ended by the signal. */
export type EnvironmentBuilder = (request: EnvironmentRequest, signal: AbortSignal) => Promise<Environment>;

/** Of files at the Hub; more of them wait for this thread's hashes, and memory grows with each. */
const STREAMS = 2;

/** One image in the making. */
export class Assembly {
  readonly #recipe: Recipe;
  readonly #order: Order;
  readonly #knowledge: Knowledge;
  readonly #registries: Registries;
  readonly #world: World;
  readonly #watch: Stopwatch;
  readonly #placement: Placement;
  readonly #prepared = new Map<LayerJob, Promise<PreparedLayer>>();
  readonly #streams = openSemaphore(STREAMS);
  /** By their keys. */
  readonly #environments: Map<Digest, Environment>;
  /** What the cache has of layers, less what turned out to be gone. */
  readonly #known: Map<string, KnownLayer>;
  /** Keys of the models whose record in the cache is not there, or names a layer that is gone. */
  readonly #newModels: Set<Digest>;

  constructor(
    recipe: Recipe,
    order: Order,
    knowledge: Knowledge,
    registries: Registries,
    world: World,
    watch: Stopwatch,
  ) {
    this.#recipe = recipe;
    this.#order = order;
    this.#knowledge = knowledge;
    this.#registries = registries;
    this.#world = world;
    this.#watch = watch;
    this.#placement = openPlacement(registries, order.references);
    this.#known = new Map(knowledge.known);
    this.#newModels = new Set(knowledge.newModels);
    this.#environments = new Map(knowledge.environments.map((environment) => [environment.key, environment]));
    noteKnowledge(this.#placement, order, knowledge);
  }

  /**
   * The previous image, when the order takes it for an answer and it is the very image that this run would make; all tags
   * then point to it. Undefined when the image has to be made.
   */
  async findUnchanged(): Promise<Assembled | undefined> {
    const { previous, cached, layerJobs } = this.#knowledge;
    const environments = this.#allEnvironments();
    if (!this.#order.skipExisting || previous === undefined) return undefined;
    // An image in the cache is believed to stand on its environment, so it is no way to one that may not be taken.
    const mayTake = this.#order.cache?.reads.environments ? cached : undefined;
    if (environments === undefined && mayTake === undefined) {
      this.#world.actions.info(
        "if-exists: skip: no environment is cached, so the image is made and compared afterwards.",
      );
      return undefined;
    }
    if (layerJobs.some(({ plan, key }) => isRemote(plan) && !this.#known.has(key ?? ""))) return undefined;
    const layers = await inPlace(layerJobs, this.#world.signal, (job, either) => this.#prepare(job, either));
    if (environments === undefined) return mayTake && this.#takeCached(mayTake, layers);
    const image = this.#assemble(environments, layers);
    const { digest } = image.root.descriptor;
    if (digest !== previous.digest) return undefined;
    const targets = targetsOf(this.#order, digest);
    await this.#push(
      image,
      targets.filter((reference) => reference !== previous.reference),
    );
    await verify(this.#registries, targets, digest);
    return this.#unchanged(image.content, image.root.descriptor, layers);
  }

  /**
   * An image in the cache that says of itself what it is made of, where its environment is gone. That it is believed is
   * why it must be in the cache; its layers of models and code are compared all the same.
   */
  async #takeCached(
    { root, reference, members }: CachedImage,
    layers: readonly PreparedLayer[],
  ): Promise<Assembled | undefined> {
    const keys = this.#knowledge.requests.map(({ key }) => this.#contentKey(layers, key));
    const payload = layers.map(({ descriptor }) => descriptor.digest).join();
    const isThis = members.every(({ annotations, layers: all }, index) => {
      const own = all.slice(all.length - layers.length).map(({ digest }) => digest);
      return annotations[CONTENT_KEY] === keys[index] && own.join() === payload;
    });
    if (!isThis || members.length !== keys.length) return undefined;
    const content = repositoryContent(this.#registries, repositoryOf(reference), root);
    const targets = targetsOf(this.#order, root.digest);
    const others = targets.filter((target) => target !== reference);
    if (others.length > 0) await transfer(this.#registries, content, root, others);
    await verify(this.#registries, targets, root.digest);
    return this.#unchanged(content, root, layers);
  }

  async #unchanged(content: ContentProvider, root: Descriptor, layers: readonly PreparedLayer[]): Promise<Assembled> {
    return { image: await describe(content, root), layers, uploadedBytes: 0, changes: [], notes: [] };
  }

  /**
   * @throws Failure `input`, code `LayerTooLarge` or `TooManyLayers`, when a registry is known not to take the image. Only
   * layers that are not compressed can be told beforehand; those that compress are no weights.
   */
  async checkLimits(): Promise<void> {
    const { layerJobs } = this.#knowledge;
    const layers = await Promise.all(
      layerJobs.map(async (job) => ({
        title: job.plan.title,
        size: await sizeAhead(job, this.#known, this.#order.compression, this.#world),
      })),
    );
    const below = [...this.#environments.values()].map((environment) => environment.layers.length);
    checkLimits(this.#order.references, layers, layers.length + Math.max(0, ...below));
  }

  /**
   * Makes the image: environments and payload side by side, then documents, tags last, and reads the tags back. A layer
   * that was known and is gone is forgotten and made anew, each once; all others stay known.
   */
  async make(build: EnvironmentBuilder): Promise<Assembled> {
    for (;;) {
      try {
        return await this.#makeOnce(build);
      } catch (error) {
        if (!(error instanceof LayerLost) || !this.#known.delete(error.job.key ?? "")) throw error;
        this.#prepared.delete(error.job);
        if (error.job.model !== undefined) this.#newModels.add(error.job.model);
      }
    }
  }

  async #makeOnce(build: EnvironmentBuilder): Promise<Assembled> {
    const { requests, layerJobs } = this.#knowledge;
    let layers: readonly PreparedLayer[] = [];
    const buildMissing = async (signal: AbortSignal): Promise<void> => {
      for (const request of requests) {
        if (this.#environments.has(request.key)) continue;
        this.#environments.set(request.key, await build(request, signal));
      }
    };
    const placeAll = async (signal: AbortSignal): Promise<void> => {
      layers = await inPlace(layerJobs, signal, async (job, either) => {
        const layer = await this.#prepare(job, either);
        await this.#placement.place(layer, either);
        return layer;
      });
    };
    const timed = (signal: AbortSignal) => this.#watch.phase("hash and upload layers", () => placeAll(signal));
    await inParallel([buildMissing, timed], 2, this.#world.signal, (work, signal) => work(signal));
    const environments = this.#allEnvironments() ?? [];
    noteEnvironments(this.#placement, environments);
    return this.#watch.phase("write the image", () => this.#deliver(environments, layers));
  }

  /** In the order of the requests; undefined while one of them is not there. */
  #allEnvironments(): readonly Environment[] | undefined {
    const { requests } = this.#knowledge;
    const found = requests.flatMap(({ key }) => this.#environments.get(key) ?? []);
    return found.length === requests.length ? found : undefined;
  }

  #assemble(environments: readonly Environment[], layers: readonly PreparedLayer[]): AssembledImage {
    return assemble(environments, layers, this.#recipe, this.#order, (key) => this.#contentKey(layers, key));
  }

  async #deliver(environments: readonly Environment[], layers: readonly PreparedLayer[]): Promise<Assembled> {
    const { references, layout } = this.#order;
    const image = this.#assemble(environments, layers);
    const { content, root } = image;
    const description = await describe(content, root.descriptor);
    // Of an environment that was built just now nobody could tell before.
    checkLayerCount(Math.max(...description.platforms.map((platform) => platform.layers.length)));
    if (layout !== undefined) await writeLayout(content, root.descriptor, layout, this.#world.files);
    let uploadedBytes = this.#placement.uploadedBytes;
    if (references.length > 0) {
      const targets = targetsOf(this.#order, root.descriptor.digest);
      uploadedBytes += await this.#push(image, targets);
      await verify(this.#registries, targets, root.descriptor.digest);
      await rememberModels(this.#registries, this.#order, this.#newModels, layers, this.#placement);
      await rememberImage(this.#registries, this.#order, root);
      if (this.#order.modelArtifact) await this.#pushModelPacks(root.descriptor, layers);
    }
    const [first] = description.platforms;
    return {
      image: description,
      layers,
      uploadedBytes,
      changes: first === undefined ? [] : sizeChanges(first.layers, layers, this.#knowledge.previous),
      notes: await findWaste(layers, this.#recipe, this.#world.files.enclosed),
    };
  }

  async #pushModelPacks(image: Descriptor, layers: readonly PreparedLayer[]): Promise<void> {
    const repositories = distinctRepositories(this.#order.references);
    const lines = await pushModelPacks(this.#registries, image, repositories, layers, this.#placement);
    for (const line of lines) this.#world.actions.info(line);
  }

  async #push({ content, root, documents }: AssembledImage, targets: readonly Reference[]): Promise<number> {
    const fresh = new Set(documents.map(({ descriptor }) => descriptor.digest));
    const { uploadedBytes } = await transfer(this.#registries, content, root.descriptor, targets, {
      present: (repository, digest) => this.#placement.has(repository, digest),
      isNew: (digest) => fresh.has(digest),
    });
    return uploadedBytes;
  }

  /** Hashed once, whoever asks first. */
  #prepare(job: LayerJob, signal: AbortSignal): Promise<PreparedLayer> {
    const world = { ...this.#world, workers: abortableWorkers(this.#world.workers, signal) };
    const prepared =
      this.#prepared.get(job) ?? prepareLayer(job, this.#known, this.#order, world, () => this.#stream(job, signal));
    this.#prepared.set(job, prepared);
    // What another layer's failure ended is begun anew in the next attempt.
    prepared.catch(() => this.#prepared.delete(job));
    return prepared;
  }

  #stream(job: LayerJob, signal: AbortSignal): Promise<PreparedLayer> {
    const { send } = this.#placement;
    return this.#streams(() => streamLayer(job, this.#order.compression, send, { ...this.#world, signal }));
  }

  /** The digest of all that goes into the image on an environment, known before that is there. */
  #contentKey(layers: readonly PreparedLayer[], environment: Digest): Digest {
    const { labels, annotations } = this.#order;
    const payload = layers.map(({ diffId, descriptor }) => [diffId, descriptor.digest]);
    return digestOf(JSON.stringify({ environment, payload, runtime: this.#recipe.runtime, labels, annotations }));
  }
}
