import type { Machine, Workers } from "../machine/machine.ts";
import { changed, type Reading } from "./file-content.ts";
import { type HashJob, type HashOf, performHash } from "./hash.ts";
import type { Encoding, LayerPlan, MeasuredLayer } from "./layer.ts";
import { tarSize } from "./tar-writer.ts";

/** Files and threads for measuring layers: small layers are measured in this thread, others in workers. */
export type Measuring = Pick<Machine, "files" | "workers">;

/** Layers of a lower cost are hashed in this thread: starting a worker takes 30 ms, which is more than it saves. */
const MIN_WORKER_COST = 8 << 20;
/** Costs are counted in bytes to hash. Opening and closing a file costs about as much as hashing this many. */
const COST_PER_FILE = 1 << 16;

type OnBytes = (count: number) => void;
type Hasher = <Job extends HashJob>(job: Job, onBytes?: OnBytes) => Promise<HashOf<Job>>;

/**
 * Computes the digests of a layer from its files. Two threads hash the tar and the blob at the same time and each reads
 * the files. Without compression the blob is the tar, and it is hashed once.
 * @param onBytes gets the numbers of bytes that were read, by the thread that ends last.
 * @throws Failure `bento`, code `ContentChanged`, when a file differs from the plan or changes while it is read.
 */
export async function measureLayer(
  plan: LayerPlan,
  encoding: Encoding,
  measuring: Measuring,
  onBytes?: OnBytes,
): Promise<MeasuredLayer> {
  const hasher = hasherFor(plan, measuring);
  if (encoding.kind === "none") {
    const { digest } = await hasher({ kind: "tar", plan }, onBytes);
    return { plan, encoding, diffId: digest, digest, size: tarSize(plan) };
  }
  const [tar, blob] = await Promise.all([
    hasher({ kind: "tar", plan }),
    hasher({ kind: "blob", plan, encoding }, onBytes),
  ]);
  if (tar.newest !== blob.newest) throw changed(plan.title, "was modified while it was read");
  const { digest, size } = blob;
  return { plan, encoding, diffId: tar.digest, digest, size };
}

function hasherFor(plan: LayerPlan, { files, workers }: Measuring): Hasher {
  const cost = tarSize(plan) + COST_PER_FILE * plan.entries.length;
  return cost < MIN_WORKER_COST
    ? (job) => hashHere(job, files.enclosed)
    : (job, onBytes) => hashInWorker(job, workers, onBytes);
}

async function hashHere<Job extends HashJob>(job: Job, files: Reading): Promise<HashOf<Job>> {
  return (await performHash(job, files)) as HashOf<Job>;
}

/** In the worker, `src/worker.ts` passes the job to `performHash`. */
async function hashInWorker<Job extends HashJob>(
  job: Job,
  workers: Workers,
  onBytes: OnBytes | undefined,
): Promise<HashOf<Job>> {
  return (await workers.run(job, onBytes)) as HashOf<Job>;
}
