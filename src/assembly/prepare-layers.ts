import type { LocatedModel } from "../bento/bento.ts";
import { remoteFilesOf } from "../bento/models.ts";
import type { CachedLayer } from "../cache/cached-layers.ts";
import { LAYER_DIFF_ID, LAYER_KEY, LAYER_TITLE } from "../cache/names.ts";
import { collectPayload } from "../layers/collect.ts";
import { chooseEncoding, mediaTypeOf } from "../layers/encoding.ts";
import type { LayerPlan } from "../layers/layer.ts";
import { blobOf, blobSize } from "../layers/layer-bytes.ts";
import { identityOf, layerKey } from "../layers/layer-key.ts";
import { measureLayer } from "../layers/measure.ts";
import { splitLayers } from "../layers/split.ts";
import { isRemote, tarSize } from "../layers/tar-writer.ts";
import type { Machine, ProgressTask } from "../machine/machine.ts";
import type { Compression } from "../oci/compression.ts";
import type { Digest } from "../oci/digest.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { LayerReport } from "../report/report.ts";
import type { DescribedLayer } from "./compose.ts";
import type { AssemblyRequest } from "./request.ts";

type PayloadMachine = Pick<Machine, "files" | "workers" | "actions">;

/** A layer to prepare: its content, and the keys under which the cache may have it. */
export interface LayerJob {
  readonly plan: LayerPlan;
  /** Undefined when the layer can be identified only by reading its files. */
  readonly key?: Digest;
  /** The key of the whole model. The layer holds all of it or a part. */
  readonly model?: Digest;
  /** The model whose files the layer holds. */
  readonly located?: LocatedModel;
}

/** A layer with its digest, and where the digest comes from. */
export interface PreparedLayer extends DescribedLayer {
  readonly job: LayerJob;
  /**
   * `cached`: from the cache, no file was read. `verified`: from the cache, and its files give the same layer. `hashed`:
   * from its files. `streamed`: computed while it went from the Hub to the registry.
   */
  readonly origin: "cached" | "verified" | "hashed" | "streamed";
  /** The reason for its compression. */
  readonly reason: string;
  /** The exact bytes of the blob. */
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/** Lists the layers of the payload, bottom to top, without reading files. @throws Failure `bento`; see {@link collectPayload}. */
export async function planPayload(
  recipe: Recipe,
  models: readonly LocatedModel[],
  { epoch, compression }: Pick<AssemblyRequest, "epoch" | "compression">,
  machine: Pick<Machine, "files">,
): Promise<readonly LayerJob[]> {
  const collected = await collectPayload(recipe, epoch, machine.files.enclosed, remoteFilesOf(models));
  const whole = collected.map(({ layer, plan }, index) => {
    // The first layers of the recipe are the models, in the same order.
    const model = layer.kind === "model" ? models[index] : undefined;
    const identity = model === undefined ? undefined : identityOf(model);
    const own = model?.kind === "snapshot" ? { ...plan, fromCache: true as const } : plan;
    return { located: model, plan: own, identity, model: keyOf(plan, compression, identity) };
  });
  return splitLayers(whole).map(({ located, plan, identity, model }) => {
    const key = keyOf(plan, compression, identity);
    return {
      plan,
      ...(located === undefined ? {} : { located }),
      ...(key === undefined || model === undefined ? {} : { key, model }),
    };
  });
}

function keyOf(plan: LayerPlan, compression: Compression, identity: string | undefined): Digest | undefined {
  return identity === undefined ? undefined : layerKey(plan, compression, identity);
}

/**
 * Determines the digests of a layer: from the cache if it has the layer, otherwise by reading its files. With
 * `verifyModels` every file is read, and its result is used even if the cached layer differs.
 * @param stream prepares a layer that is not cached and has files at the Hub.
 */
export async function prepareLayer(
  job: LayerJob,
  cachedLayers: ReadonlyMap<string, CachedLayer>,
  { compression, verifyModels }: Pick<AssemblyRequest, "compression" | "verifyModels">,
  machine: PayloadMachine,
  hashing: ProgressTask,
  stream: (job: LayerJob) => Promise<PreparedLayer>,
): Promise<PreparedLayer> {
  const found = job.key === undefined ? undefined : cachedLayers.get(job.key);
  if (isRemote(job.plan)) return found === undefined ? stream(job) : reuse(job, found, compression, machine);
  if (found === undefined) return hash(job, compression, machine, hashing);
  return verifyModels ? verify(job, found, compression, machine, hashing) : reuse(job, found, compression, machine);
}

function reuse(job: LayerJob, found: CachedLayer, compression: Compression, machine: PayloadMachine): PreparedLayer {
  return {
    ...describeLayer(job, found),
    origin: "cached",
    reason: "",
    async open() {
      if (isRemote(job.plan)) throw new LayerLost(job);
      const again = await hash(job, compression, machine);
      if (again.descriptor.digest === found.digest) return again.open();
      // Another version of zlib compresses the same files to other bytes.
      throw new LayerLost(job);
    },
  };
}

/** The layer as made from its files, with a warning when the cached one differs. */
async function verify(
  job: LayerJob,
  found: CachedLayer,
  compression: Compression,
  machine: PayloadMachine,
  hashing: ProgressTask,
): Promise<PreparedLayer> {
  const own = await hash(job, compression, machine, hashing);
  const { digest, size } = own.descriptor;
  if (digest === found.digest && size === found.size && own.diffId === found.diffId) {
    return { ...own, origin: "verified" };
  }
  machine.actions.warning(
    `${job.plan.title}: the cached layer ${found.digest} (diff ID ${found.diffId}) differs from the layer made from the files, ${digest} (diff ID ${own.diffId}). The one made from the files is used. Possible causes: the files have changed, another version of zlib compressed the cached layer, or somebody replaced it.`,
  );
  return own;
}

/** A cached layer that the registry no longer has and that its files do not reproduce. */
export class LayerLost extends Error {
  readonly job: LayerJob;

  constructor(job: LayerJob) {
    super(`${job.plan.title}: the registry no longer has the cached layer, and its files do not reproduce it`);
    this.job = job;
  }
}

async function hash(
  job: LayerJob,
  compression: Compression,
  machine: PayloadMachine,
  hashing?: ProgressTask,
): Promise<PreparedLayer> {
  const { plan } = job;
  const { encoding, reason } = await chooseEncoding(plan, compression, machine.files.enclosed);
  const measured = await measureLayer(plan, encoding, machine, hashing?.add);
  return {
    ...describeLayer(job, { ...measured, mediaType: mediaTypeOf(encoding) }),
    origin: "hashed",
    reason,
    open: async () => blobOf(plan, encoding, machine.files.enclosed),
  };
}

/** A layer with its descriptor, whose annotations identify the layer for later runs. */
export function describeLayer(
  job: LayerJob,
  { mediaType, digest, size, diffId }: CachedLayer,
): Pick<PreparedLayer, "title" | "descriptor" | "diffId" | "job"> {
  const { plan, key } = job;
  const annotations = {
    [LAYER_TITLE]: plan.title,
    ...(key === undefined ? {} : { [LAYER_KEY]: key, [LAYER_DIFF_ID]: diffId }),
  };
  return { title: plan.title, descriptor: { mediaType, digest, size, annotations }, diffId, job };
}

/** For the job summary. */
export function reportOf({ title, origin, reason }: PreparedLayer): LayerReport {
  return { title, note: origin === "hashed" ? reason : NOTES[origin] };
}

const NOTES = {
  cached: "cached, not read",
  verified: "cached, verified by reading the files",
  streamed: "streamed from the Hub",
} as const;

/** Every registry accepts layers of fewer bytes than this, so their exact size does not matter. */
const NEVER_TOO_LARGE = 1e9;

/** The blob's size in bytes if it can be told without making the layer: it is cached or not compressed. Otherwise 0. */
export async function predictSize(
  { plan, key }: LayerJob,
  cachedLayers: ReadonlyMap<string, CachedLayer>,
  compression: Compression,
  machine: Pick<Machine, "files">,
): Promise<number> {
  const found = key === undefined ? undefined : cachedLayers.get(key);
  if (found !== undefined) return found.size;
  if (tarSize(plan) < NEVER_TOO_LARGE) return tarSize(plan);
  const { encoding } = await chooseEncoding(plan, compression, machine.files.enclosed);
  return blobSize(plan, encoding) ?? 0;
}
