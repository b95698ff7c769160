import { type Environment, EnvironmentLost } from "../cache/cached-environment.ts";
import type { CachedImage, CachedLayer } from "../cache/cached-layers.ts";
import { CONTENT_KEY } from "../cache/names.ts";
import { abortableWorkers } from "../layers/abortable-workers.ts";
import { isRemote } from "../layers/tar-writer.ts";
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
import {
  type BlobPresence,
  openBlobPresence,
  prepareBigFirst,
  recordCached,
  recordEnvironments,
} from "./blob-presence.ts";
import { type LayerProgress, openLayerProgress } from "./layer-progress.ts";
import type { CacheLookup, EnvironmentRequest } from "./look-up.ts";
import { pushModelPacks } from "./model-pack.ts";
import { type LayerJob, LayerLost, type PreparedLayer, predictSize, prepareLayer } from "./prepare-layers.ts";
import { type AssemblyRequest, pathsOf, targetsOf } from "./request.ts";
import { sizeChanges } from "./size-changes.ts";
import { moveLastTag, storeModels } from "./store.ts";
import { type SendStream, streamLayer } from "./stream-layer.ts";
import { findWaste } from "./waste.ts";
import { writeImageArchive } from "./write-image-archive.ts";
import { writeImageLayout } from "./write-image-layout.ts";

/** An image that was assembled, or that existed already. */
export interface Assembled {
  readonly image: ImageDescription;
  readonly layers: readonly PreparedLayer[];
  readonly changes: readonly SizeChange[];
  /** Remarks for the user, a sentence each. */
  readonly notes: readonly string[];
}

/** Builds the environment of a request; the signal ends the build. */
export type EnvironmentBuilder = (request: EnvironmentRequest, signal: AbortSignal) => Promise<Environment>;

/** An image that is complete but for its tags, and what it was made of. */
export interface FinishedImage extends AssembledImage {
  readonly environments: readonly Environment[];
  readonly layers: readonly PreparedLayer[];
}

/** Loads the image into an engine's store. */
export type ImageLoader = (image: FinishedImage) => Promise<void>;

/** How many layers are streamed from the Hub at once. This thread hashes them all, so more would only take more memory. */
const STREAMS = 2;

/** The assembly of one image. */
export class Assembly {
  readonly #recipe: Recipe;
  readonly #request: AssemblyRequest;
  readonly #lookup: CacheLookup;
  readonly #registries: Registries;
  readonly #machine: Machine;
  readonly #watch: Stopwatch;
  readonly #presence: BlobPresence;
  readonly #prepared = new Map<LayerJob, Promise<PreparedLayer>>();
  readonly #streams = limitConcurrency(STREAMS);
  /** By their keys. */
  readonly #environments: Map<Digest, Environment>;
  /** The cached layers by their keys, without those that turned out to be lost. */
  readonly #cachedLayers: Map<string, CachedLayer>;
  /** Keys of the models that have no record in the cache, or one that lists a lost layer. */
  readonly #newModels: Set<Digest>;

  constructor(
    recipe: Recipe,
    request: AssemblyRequest,
    lookup: CacheLookup,
    registries: Registries,
    machine: Machine,
    watch: Stopwatch,
  ) {
    this.#recipe = recipe;
    this.#request = request;
    this.#lookup = lookup;
    this.#registries = registries;
    this.#machine = machine;
    this.#watch = watch;
    this.#presence = openBlobPresence(registries, request.references);
    this.#cachedLayers = new Map(lookup.cachedLayers);
    this.#newModels = new Set(lookup.newModels);
    this.#environments = new Map(lookup.environments.map((environment) => [environment.key, environment]));
    recordCached(this.#presence, request, lookup);
  }

  /**
   * With `if-exists: skip`: the previous image, if it is identical to the one that this run would make. All tags then
   * point to it. Undefined when the image has to be made.
   */
  async findUnchanged(): Promise<Assembled | undefined> {
    const { previous, cached, layerJobs } = this.#lookup;
    const environments = this.#allEnvironments();
    if (!this.#request.skipExisting || previous === undefined) return undefined;
    // A cached image includes its environment, so it may be reused only if cached environments may be.
    const reusable = this.#request.cache?.reads.environments ? cached : undefined;
    if (environments === undefined && reusable === undefined) {
      this.#machine.actions.info(
        "if-exists: skip: the environment is not cached, so the image is built before it can be compared.",
      );
      return undefined;
    }
    if (layerJobs.some(({ plan, key }) => isRemote(plan) && !this.#cachedLayers.has(key ?? ""))) return undefined;
    const layers = await this.#withProgress((progress) =>
      prepareBigFirst(layerJobs, this.#machine.signal, (job, taskSignal) => this.#prepare(job, taskSignal, progress)),
    );
    if (environments === undefined) return reusable && this.#reuseCached(reusable, layers);
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
   * Reuses a cached image whose environment is no longer cached. Its annotations tell what it was made of; they are
   * trusted because the image is in the cache repository. Its layers of models and code are compared as well.
   */
  async #reuseCached(
    { root, reference, members }: CachedImage,
    layers: readonly PreparedLayer[],
  ): Promise<Assembled | undefined> {
    const keys = this.#lookup.requests.map(({ key }) => this.#contentKey(layers, key));
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
    return { image: await describe(content, root), layers, changes: [], notes: [] };
  }

  /**
   * Checks the image against the documented limits of its registries before the build.
   * @throws Failure `input`, code `LayerTooLarge` or `TooManyLayers`. Only the size of layers that are not compressed can
   * be told beforehand, which includes weights.
   */
  async checkLimits(): Promise<void> {
    const { layerJobs } = this.#lookup;
    const layers = await Promise.all(
      layerJobs.map(async (job) => ({
        title: job.plan.title,
        size: await predictSize(job, this.#cachedLayers, this.#request.compression, this.#machine),
      })),
    );
    const below = [...this.#environments.values()].map((environment) => environment.layers.length);
    checkLimits(this.#request.references, layers, layers.length + Math.max(0, ...below));
  }

  /**
   * Makes the image: environments and payload at the same time, then the documents, then the tags, and reads the tags
   * back. When a cached layer turns out to be lost, it is made from its files, once; the other cached layers are kept. An
   * environment that is lost is built.
   * @param load called before the image is pushed, so that no tag moves if it fails.
   */
  async make(build: EnvironmentBuilder, load?: ImageLoader): Promise<Assembled> {
    for (;;) {
      try {
        return await this.#makeOnce(build, load);
      } catch (error) {
        if (!this.#forget(error)) throw error;
        // They were absent or empty when the run began.
        for (const path of pathsOf(this.#request)) await this.#machine.files.remove(path);
      }
    }
  }

  /** Forgets what the error says is lost. @returns whether it says so, and the next attempt can make it. */
  #forget(error: unknown): boolean {
    if (error instanceof EnvironmentLost) return this.#environments.delete(error.key);
    if (!(error instanceof LayerLost) || !this.#cachedLayers.delete(error.job.key ?? "")) return false;
    this.#prepared.delete(error.job);
    if (error.job.model !== undefined) this.#newModels.add(error.job.model);
    return true;
  }

  async #makeOnce(build: EnvironmentBuilder, load: ImageLoader | undefined): Promise<Assembled> {
    const { requests, layerJobs } = this.#lookup;
    let layers: readonly PreparedLayer[] = [];
    const buildMissing = async (signal: AbortSignal): Promise<void> => {
      for (const request of requests) {
        if (this.#environments.has(request.key)) continue;
        this.#environments.set(request.key, await build(request, signal));
      }
    };
    const uploadAll = async (signal: AbortSignal): Promise<void> => {
      layers = await this.#withProgress((progress) =>
        prepareBigFirst(layerJobs, signal, async (job, taskSignal) => {
          const layer = await this.#prepare(job, taskSignal, progress);
          await this.#presence.upload(layer, progress.of(job).uploading, taskSignal);
          return layer;
        }),
      );
    };
    const timed = (signal: AbortSignal) => this.#watch.phase("hash and upload layers", () => uploadAll(signal));
    await inParallel([buildMissing, timed], 2, this.#machine.signal, (work, signal) => work(signal));
    const environments = this.#allEnvironments() ?? [];
    recordEnvironments(this.#presence, environments);
    return this.#watch.phase("write the image", () => this.#deliver(environments, layers, load));
  }

  /** All environments in the order of the requests; undefined while one is missing. */
  #allEnvironments(): readonly Environment[] | undefined {
    const { requests } = this.#lookup;
    const found = requests.flatMap(({ key }) => this.#environments.get(key) ?? []);
    return found.length === requests.length ? found : undefined;
  }

  #assemble(environments: readonly Environment[], layers: readonly PreparedLayer[]): AssembledImage {
    return assemble(environments, layers, this.#recipe, this.#request, (key) => this.#contentKey(layers, key));
  }

  async #deliver(
    environments: readonly Environment[],
    layers: readonly PreparedLayer[],
    load: ImageLoader | undefined,
  ): Promise<Assembled> {
    const { references, layout, archives, names, epoch } = this.#request;
    const image = this.#assemble(environments, layers);
    const { content, root } = image;
    const description = await describe(content, root.descriptor);
    // The layer count of an environment that this run built is known only now.
    checkLayerCount(Math.max(...description.platforms.map((platform) => platform.layers.length)));
    if (layout !== undefined) await writeImageLayout(image, description, layout, this.#machine);
    for (const archive of archives) await writeImageArchive(image, names, archive, epoch, this.#machine);
    await load?.({ ...image, environments, layers });
    if (references.length > 0) {
      const targets = targetsOf(this.#request, root.descriptor.digest);
      await this.#push(image, targets);
      await verify(this.#registries, targets, root.descriptor.digest);
      await storeModels(this.#registries, this.#request, this.#newModels, layers, this.#presence);
      await moveLastTag(this.#registries, this.#request, root);
      if (this.#request.modelArtifact) await this.#pushModelPacks(root.descriptor, layers);
    }
    const [first] = description.platforms;
    return {
      image: description,
      layers,
      changes: first === undefined ? [] : sizeChanges(first.layers, layers, this.#lookup.previous),
      notes: await findWaste(layers, this.#recipe, this.#machine.files.enclosed),
    };
  }

  async #pushModelPacks(image: Descriptor, layers: readonly PreparedLayer[]): Promise<void> {
    const repositories = distinctRepositories(this.#request.references);
    const lines = await pushModelPacks(this.#registries, image, repositories, layers, this.#presence);
    for (const line of lines) this.#machine.actions.info(line);
  }

  async #push({ content, root, documents }: AssembledImage, targets: readonly Reference[]): Promise<void> {
    const fresh = new Set(documents.map(({ descriptor }) => descriptor.digest));
    await transfer(this.#registries, content, root.descriptor, targets, {
      present: (repository, digest) => this.#presence.has(repository, digest),
      isNew: (digest) => fresh.has(digest),
    });
  }

  /** Shows the progress of the layers that are not cached, or are read nevertheless. */
  async #withProgress<T>(work: (progress: LayerProgress) => Promise<T>): Promise<T> {
    const expected = this.#lookup.layerJobs.filter(
      (job) => !this.#prepared.has(job) && (this.#request.verifyModels || !this.#cachedLayers.has(job.key ?? "")),
    );
    const progress = openLayerProgress(expected, this.#machine.actions);
    return work(progress).finally(progress.end);
  }

  /** Prepares each layer once; later calls get the same result. */
  async #prepare(job: LayerJob, signal: AbortSignal, progress: LayerProgress): Promise<PreparedLayer> {
    const { hashing } = progress.of(job);
    const machine = { ...this.#machine, workers: abortableWorkers(this.#machine.workers, signal) };
    const prepared =
      this.#prepared.get(job) ??
      prepareLayer(job, this.#cachedLayers, this.#request, machine, hashing, () => this.#stream(job, signal, progress));
    this.#prepared.set(job, prepared);
    // A layer that was aborted because another one failed is prepared again in the next attempt.
    prepared.catch(() => this.#prepared.delete(job));
    return prepared.finally(hashing.end);
  }

  #stream(job: LayerJob, signal: AbortSignal, progress: LayerProgress): Promise<PreparedLayer> {
    const { hashing, uploading } = progress.of(job);
    hashing.end();
    const send: SendStream = (bytes, taskSignal) => this.#presence.send(bytes, uploading, taskSignal);
    return this.#streams(() => streamLayer(job, this.#request.compression, send, { ...this.#machine, signal }));
  }

  /** A digest over everything that goes into the image. It uses the environment's key, so it does not need the environment itself. */
  #contentKey(layers: readonly PreparedLayer[], environment: Digest): Digest {
    const { labels, annotations, indexAnnotations } = this.#request;
    const payload = layers.map(({ diffId, descriptor }) => [diffId, descriptor.digest]);
    const { runtime } = this.#recipe;
    return digestOf(JSON.stringify({ environment, payload, runtime, labels, annotations, indexAnnotations }));
  }
}
