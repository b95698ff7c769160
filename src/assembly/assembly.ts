import type { Environment } from "../cache/cached-environment.ts";
import type { CachedImage, CachedLayer } from "../cache/cached-layers.ts";
import { CONTENT_KEY } from "../cache/names.ts";
import { abortableWorkers } from "../layers/abortable-workers.ts";
import { isRemote } from "../layers/tar-writer.ts";
import { writeLayout } from "../layout/layout.ts";
import { inParallel, limitConcurrency } from "../machine/concurrency.ts";
import type { Machine } from "../machine/machine.ts";
import type { ContentProvider } from "../oci/content.ts";
import { describe } from "../oci/describe.ts";
import { type Digest, digestOf } from "../oci/digest.ts";
import type { ImageDescription } from "../oci/image-description.ts";
import type { Descriptor } from "../oci/manifest.ts";
import { distinctRepositories, type Reference, repositoryOf } from "../oci/reference.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { checkLayerCount, checkLimits } from "../registry/limits.ts";
import type { Registries } from "../registry/registries.ts";
import { repositoryContent } from "../registry/resolve.ts";
import { transfer } from "../registry/transfer.ts";
import { verify } from "../registry/verify.ts";
import type { SizeChange } from "../report/report.ts";
import type { Stopwatch } from "../report/stopwatch.ts";
import { type AssembledImage, assemble } from "./assembled-image.ts";
import { type BlobPresence, noteCached, noteEnvironments, openBlobPresence, prepareBigFirst } from "./blob-presence.ts";
import type { CacheLookup, EnvironmentRequest } from "./look-up.ts";
import { pushModelPacks } from "./model-pack.ts";
import { type LayerJob, LayerLost, type PreparedLayer, prepareLayer, sizeAhead } from "./prepare-layers.ts";
import { type AssemblyRequest, targetsOf } from "./request.ts";
import { sizeChanges } from "./size-changes.ts";
import { moveLastTag, storeModels } from "./store.ts";
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
  readonly #request: AssemblyRequest;
  readonly #knowledge: CacheLookup;
  readonly #registries: Registries;
  readonly #machine: Machine;
  readonly #watch: Stopwatch;
  readonly #presence: BlobPresence;
  readonly #prepared = new Map<LayerJob, Promise<PreparedLayer>>();
  readonly #streams = limitConcurrency(STREAMS);
  /** By their keys. */
  readonly #environments: Map<Digest, Environment>;
  /** What the cache has of layers, less what turned out to be gone. */
  readonly #known: Map<string, CachedLayer>;
  /** Keys of the models whose record in the cache is not there, or names a layer that is gone. */
  readonly #newModels: Set<Digest>;

  constructor(
    recipe: Recipe,
    request: AssemblyRequest,
    knowledge: CacheLookup,
    registries: Registries,
    machine: Machine,
    watch: Stopwatch,
  ) {
    this.#recipe = recipe;
    this.#request = request;
    this.#knowledge = knowledge;
    this.#registries = registries;
    this.#machine = machine;
    this.#watch = watch;
    this.#presence = openBlobPresence(registries, request.references);
    this.#known = new Map(knowledge.known);
    this.#newModels = new Set(knowledge.newModels);
    this.#environments = new Map(knowledge.environments.map((environment) => [environment.key, environment]));
    noteCached(this.#presence, request, knowledge);
  }

  /**
   * The previous image, when the request takes it for an answer and it is the very image that this run would make; all tags
   * then point to it. Undefined when the image has to be made.
   */
  async findUnchanged(): Promise<Assembled | undefined> {
    const { previous, cached, layerJobs } = this.#knowledge;
    const environments = this.#allEnvironments();
    if (!this.#request.skipExisting || previous === undefined) return undefined;
    // An image in the cache is believed to stand on its environment, so it is no way to one that may not be taken.
    const mayTake = this.#request.cache?.reads.environments ? cached : undefined;
    if (environments === undefined && mayTake === undefined) {
      this.#machine.actions.info(
        "if-exists: skip: no environment is cached, so the image is made and compared afterwards.",
      );
      return undefined;
    }
    if (layerJobs.some(({ plan, key }) => isRemote(plan) && !this.#known.has(key ?? ""))) return undefined;
    const layers = await prepareBigFirst(layerJobs, this.#machine.signal, (job, either) => this.#prepare(job, either));
    if (environments === undefined) return mayTake && this.#takeCached(mayTake, layers);
    const image = this.#assemble(environments, layers);
    const { digest } = image.root.descriptor;
    if (digest !== previous.digest) return undefined;
    const targets = targetsOf(this.#request, digest);
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
    const targets = targetsOf(this.#request, root.digest);
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
        size: await sizeAhead(job, this.#known, this.#request.compression, this.#machine),
      })),
    );
    const below = [...this.#environments.values()].map((environment) => environment.layers.length);
    checkLimits(this.#request.references, layers, layers.length + Math.max(0, ...below));
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
      layers = await prepareBigFirst(layerJobs, signal, async (job, either) => {
        const layer = await this.#prepare(job, either);
        await this.#presence.place(layer, either);
        return layer;
      });
    };
    const timed = (signal: AbortSignal) => this.#watch.phase("hash and upload layers", () => placeAll(signal));
    await inParallel([buildMissing, timed], 2, this.#machine.signal, (work, signal) => work(signal));
    const environments = this.#allEnvironments() ?? [];
    noteEnvironments(this.#presence, environments);
    return this.#watch.phase("write the image", () => this.#deliver(environments, layers));
  }

  /** In the request of the requests; undefined while one of them is not there. */
  #allEnvironments(): readonly Environment[] | undefined {
    const { requests } = this.#knowledge;
    const found = requests.flatMap(({ key }) => this.#environments.get(key) ?? []);
    return found.length === requests.length ? found : undefined;
  }

  #assemble(environments: readonly Environment[], layers: readonly PreparedLayer[]): AssembledImage {
    return assemble(environments, layers, this.#recipe, this.#request, (key) => this.#contentKey(layers, key));
  }

  async #deliver(environments: readonly Environment[], layers: readonly PreparedLayer[]): Promise<Assembled> {
    const { references, layout } = this.#request;
    const image = this.#assemble(environments, layers);
    const { content, root } = image;
    const description = await describe(content, root.descriptor);
    // Of an environment that was built just now nobody could tell before.
    checkLayerCount(Math.max(...description.platforms.map((platform) => platform.layers.length)));
    if (layout !== undefined) await writeLayout(content, root.descriptor, layout, this.#machine.files);
    let uploadedBytes = this.#presence.uploadedBytes;
    if (references.length > 0) {
      const targets = targetsOf(this.#request, root.descriptor.digest);
      uploadedBytes += await this.#push(image, targets);
      await verify(this.#registries, targets, root.descriptor.digest);
      await storeModels(this.#registries, this.#request, this.#newModels, layers, this.#presence);
      await moveLastTag(this.#registries, this.#request, root);
      if (this.#request.modelArtifact) await this.#pushModelPacks(root.descriptor, layers);
    }
    const [first] = description.platforms;
    return {
      image: description,
      layers,
      uploadedBytes,
      changes: first === undefined ? [] : sizeChanges(first.layers, layers, this.#knowledge.previous),
      notes: await findWaste(layers, this.#recipe, this.#machine.files.enclosed),
    };
  }

  async #pushModelPacks(image: Descriptor, layers: readonly PreparedLayer[]): Promise<void> {
    const repositories = distinctRepositories(this.#request.references);
    const lines = await pushModelPacks(this.#registries, image, repositories, layers, this.#presence);
    for (const line of lines) this.#machine.actions.info(line);
  }

  async #push({ content, root, documents }: AssembledImage, targets: readonly Reference[]): Promise<number> {
    const fresh = new Set(documents.map(({ descriptor }) => descriptor.digest));
    const { uploadedBytes } = await transfer(this.#registries, content, root.descriptor, targets, {
      present: (repository, digest) => this.#presence.has(repository, digest),
      isNew: (digest) => fresh.has(digest),
    });
    return uploadedBytes;
  }

  /** Hashed once, whoever asks first. */
  #prepare(job: LayerJob, signal: AbortSignal): Promise<PreparedLayer> {
    const machine = { ...this.#machine, workers: abortableWorkers(this.#machine.workers, signal) };
    const prepared =
      this.#prepared.get(job) ??
      prepareLayer(job, this.#known, this.#request, machine, () => this.#stream(job, signal));
    this.#prepared.set(job, prepared);
    // What another layer's failure ended is begun anew in the next attempt.
    prepared.catch(() => this.#prepared.delete(job));
    return prepared;
  }

  /** Loaded where it is used. */
  async #stream(job: LayerJob, signal: AbortSignal): Promise<PreparedLayer> {
    const { streamLayer } = await import("./stream-layer.ts");
    const { send } = this.#presence;
    return this.#streams(() => streamLayer(job, this.#request.compression, send, { ...this.#machine, signal }));
  }

  /** The digest of all that goes into the image on an environment, known before that is there. */
  #contentKey(layers: readonly PreparedLayer[], environment: Digest): Digest {
    const { labels, annotations } = this.#request;
    const payload = layers.map(({ diffId, descriptor }) => [diffId, descriptor.digest]);
    return digestOf(JSON.stringify({ environment, payload, runtime: this.#recipe.runtime, labels, annotations }));
  }
}
