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
import type { Machine } from "../machine/machine.ts";
import type { Compression } from "../oci/compression.ts";
import type { Digest } from "../oci/digest.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { LayerReport } from "../report/report.ts";
import type { PlacedLayer } from "./compose.ts";
import type { AssemblyRequest } from "./request.ts";

type PayloadMachine = Pick<Machine, "files" | "workers" | "actions">;

/** A layer to be placed: what it holds, and by what it may be known again. */
export interface LayerJob {
  readonly plan: LayerPlan;
  /** Undefined when only its content tells what it is. */
  readonly key?: Digest;
  /** The key of the whole model, of which this layer may be a part. */
  readonly model?: Digest;
  /** The model that the files are of. */
  readonly located?: LocatedModel;
}

/** A layer with its digest, and how it came by it. */
export interface PreparedLayer extends PlacedLayer {
  readonly job: LayerJob;
  /** `known`: an earlier run said so, and no file was read. `streamed`: it went from the Hub to the registry. */
  readonly origin: "known" | "verified" | "hashed" | "streamed";
  /** Why it is compressed as it is. */
  readonly reason: string;
  /** The exact bytes of the blob. */
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/** The layers of the payload, bottom to top. No file is read. @throws Failure `bento`; see {@link collectPayload}. */
export async function planPayload(
  recipe: Recipe,
  models: readonly LocatedModel[],
  { epoch, compression }: Pick<AssemblyRequest, "epoch" | "compression">,
  machine: Pick<Machine, "files">,
): Promise<readonly LayerJob[]> {
  const collected = await collectPayload(recipe, epoch, machine.files.enclosed, remoteFilesOf(models));
  const whole = collected.map(({ layer, plan }, index) => {
    // The recipe has a layer for every model, in the request of the models.
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
 * Finds out the digests of a layer: from the cache when it is known there, else by reading its files. With `verifyModels`
 * every file is read; the cache's word is then compared with the layer that came of it, and decides nothing.
 * @param stream prepares a layer that is not known and has files at the Hub.
 */
export async function prepareLayer(
  job: LayerJob,
  known: ReadonlyMap<string, CachedLayer>,
  { compression, verifyModels }: Pick<AssemblyRequest, "compression" | "verifyModels">,
  machine: PayloadMachine,
  stream: (job: LayerJob) => Promise<PreparedLayer>,
): Promise<PreparedLayer> {
  const found = job.key === undefined ? undefined : known.get(job.key);
  if (isRemote(job.plan)) return found === undefined ? stream(job) : recall(job, found, compression, machine);
  if (found === undefined) return hash(job, compression, machine);
  return verifyModels ? verify(job, found, compression, machine) : recall(job, found, compression, machine);
}

function recall(job: LayerJob, found: CachedLayer, compression: Compression, machine: PayloadMachine): PreparedLayer {
  return {
    ...describeLayer(job, found),
    origin: "known",
    reason: "",
    async open() {
      if (isRemote(job.plan)) throw new LayerLost(job);
      const again = await hash(job, compression, machine);
      if (again.descriptor.digest === found.digest) return again.open();
      // What is compressed comes out otherwise with another version of zlib.
      throw new LayerLost(job);
    },
  };
}

/** The layer as this run makes it, whatever the cache has. */
async function verify(
  job: LayerJob,
  found: CachedLayer,
  compression: Compression,
  machine: PayloadMachine,
): Promise<PreparedLayer> {
  const own = await hash(job, compression, machine);
  const { digest, size } = own.descriptor;
  if (digest === found.digest && size === found.size && own.diffId === found.diffId) {
    return { ...own, origin: "verified" };
  }
  machine.actions.warning(
    `${job.plan.title}: the cache has the layer ${found.digest} (${found.diffId} unpacked), its files make ${digest} (${own.diffId} unpacked). The files count. They were changed, another version of zlib compressed the other layer, or somebody put it there.`,
  );
  return own;
}

/** A known layer that its registry does not have any more, and that does not come out the same when made again. */
export class LayerLost extends Error {
  readonly job: LayerJob;

  constructor(job: LayerJob) {
    super(`${job.plan.title} is not what it was`);
    this.job = job;
  }
}

async function hash(job: LayerJob, compression: Compression, machine: PayloadMachine): Promise<PreparedLayer> {
  const { plan } = job;
  const { encoding, reason } = await chooseEncoding(plan, compression, machine.files.enclosed);
  const measured = await measureLayer(plan, encoding, machine);
  return {
    ...describeLayer(job, { ...measured, mediaType: mediaTypeOf(encoding) }),
    origin: "hashed",
    reason,
    open: async () => blobOf(plan, encoding, machine.files.enclosed),
  };
}

/** A layer with its descriptor, by which a later run knows it again. */
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
  known: "known, not read",
  verified: "known, and read again",
  streamed: "from the Hub, not stored",
} as const;

/** No registry refuses layers below this many bytes, so nothing is read to tell their size. */
const NEVER_TOO_LARGE = 1e9;

/** Bytes of the blob as far as they can be told beforehand: those of a layer that is not to be compressed, or is known. */
export async function sizeAhead(
  { plan, key }: LayerJob,
  known: ReadonlyMap<string, CachedLayer>,
  compression: Compression,
  machine: Pick<Machine, "files">,
): Promise<number> {
  const found = key === undefined ? undefined : known.get(key);
  if (found !== undefined) return found.size;
  if (tarSize(plan) < NEVER_TOO_LARGE) return tarSize(plan);
  const { encoding } = await chooseEncoding(plan, compression, machine.files.enclosed);
  return blobSize(plan, encoding) ?? 0;
}
