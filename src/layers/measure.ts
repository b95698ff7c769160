import type { Machine, Workers } from "../machine/machine.ts";
import { changed, type Reading } from "./file-content.ts";
import { type HashJob, type HashOf, performHash } from "./hash.ts";
import type { Encoding, LayerPlan, MeasuredLayer } from "./layer.ts";
import { tarSize } from "./tar-writer.ts";

/** Where layers are measured: small ones here, others in worker threads. */
export type Measuring = Pick<Machine, "files" | "workers">;

/** Below this cost the start of a thread, 30 ms, takes longer than it saves. */
const WORTH_A_THREAD = 8 << 20;
/** Costs are counted in bytes to hash; opening and closing a file costs about as much as this many. */
const COST_OF_A_FILE = 1 << 16;

type Hasher = <Job extends HashJob>(job: Job) => Promise<HashOf<Job>>;

/**
 * Reads the layer's files and gives its digests. The hashes of tar and blob are made at the same time, by two threads that
 * each read the files; where they are the same bytes, once.
 * @throws Failure `bento`, code `ContentChanged`, when a file is not what was planned, or changes meanwhile.
 */
export async function measureLayer(plan: LayerPlan, encoding: Encoding, measuring: Measuring): Promise<MeasuredLayer> {
  const hasher = hasherFor(plan, measuring);
  if (encoding.kind === "none") {
    const { digest } = await hasher({ kind: "tar", plan });
    return { plan, encoding, diffId: digest, digest, size: tarSize(plan) };
  }
  const [tar, blob] = await Promise.all([hasher({ kind: "tar", plan }), hasher({ kind: "blob", plan, encoding })]);
  if (tar.newest !== blob.newest) throw changed(plan.title, "was written meanwhile");
  const { digest, size } = blob;
  return { plan, encoding, diffId: tar.digest, digest, size };
}

function hasherFor(plan: LayerPlan, { files, workers }: Measuring): Hasher {
  const cost = tarSize(plan) + COST_OF_A_FILE * plan.entries.length;
  return cost < WORTH_A_THREAD ? (job) => hashHere(job, files.enclosed) : (job) => hashAway(job, workers);
}

async function hashHere<Job extends HashJob>(job: Job, files: Reading): Promise<HashOf<Job>> {
  return (await performHash(job, files)) as HashOf<Job>;
}

/** On the other side, `src/worker.ts` hands the job to `performHash`. */
async function hashAway<Job extends HashJob>(job: Job, workers: Workers): Promise<HashOf<Job>> {
  return (await workers.run(job)) as HashOf<Job>;
}
