import { type Digest, digestOf } from "../image/digest.ts";
import type { Workers, World } from "../world/world.ts";
import { changed, type Reading } from "./file-content.ts";
import { type FileHashes, type HashJob, type HashOf, performHash } from "./hash.ts";
import type { Encoding, FileEntry, LayerPlan, MeasuredLayer } from "./layer.ts";
import { filesOf, tarSize } from "./tar.ts";

/** Where layers are measured: small ones here, others in worker threads. */
export type Measuring = Pick<World, "files" | "workers">;

/** Below this cost the start of a thread, 30 ms, takes longer than it saves. */
const WORTH_A_THREAD = 8 << 20;
/** Costs are counted in bytes to hash; opening and closing a file costs about as much as this many. */
const COST_OF_A_FILE = 1 << 16;

type Hasher = <Job extends HashJob>(job: Job) => Promise<HashOf<Job>>;

/**
 * Reads the layer's files and gives its digests. The hashes of files, tar and blob are made at the same time: by two
 * threads, each reading the files itself, or by more where the machine has more.
 * @throws Failure `bento`, code `ContentChanged`, when a file is not what was planned, or changes meanwhile.
 */
export async function measureLayer(plan: LayerPlan, encoding: Encoding, machine: Measuring): Promise<MeasuredLayer> {
  const hasher = hasherFor(plan, machine);
  if (encoding.kind === "none") {
    const [blob, set] = await Promise.all([hasher({ kind: "blob", plan, encoding }), setOf(plan, machine)]);
    return { plan, encoding, diffId: blob.digest, digest: blob.digest, size: blob.size, set };
  }
  const apart = machine.workers.width > 2;
  const [tar, blob, set] = await Promise.all([
    hasher({ kind: "tar", plan, withFiles: !apart }),
    hasher({ kind: "blob", plan, encoding }),
    apart ? setOf(plan, machine) : undefined,
  ]);
  if (tar.newest !== blob.newest) throw changed(plan.title, "was written meanwhile");
  const { digest, size } = blob;
  return { plan, encoding, diffId: tar.digest, digest, size, set: set ?? setFrom(filesOf(plan), tar.files) };
}

/**
 * The digest of what a layer holds, whatever its encoding and the owners and modes in it: see {@link MeasuredLayer}.
 * Reads every file once, several of them at the same time; a file at the Hub is what the Hub says that it is.
 * @throws Failure like {@link measureLayer}.
 */
export async function setOf(plan: LayerPlan, machine: Measuring): Promise<Digest> {
  const entries = filesOf(plan);
  const hasher = hasherFor(plan, machine);
  const here = entries.filter(({ source }) => source.kind !== "remote");
  const shares = sharesOf(here, machine.workers.width);
  const hashed = await Promise.all(shares.map(async (files) => zip(files, await hasher({ kind: "files", files }))));
  const hashes = new Map(hashed.flat());
  return setFrom(
    entries,
    entries.map((entry) => (entry.source.kind === "remote" ? entry.source.file.sha256 : (hashes.get(entry) ?? ""))),
  );
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

/** At most `count` shares that take about the same time: the longest first, each to who has least. */
function sharesOf(entries: readonly FileEntry[], count: number): readonly (readonly FileEntry[])[] {
  const shares = Array.from({ length: count }, () => ({ cost: 0, files: [] as FileEntry[] }));
  for (const entry of entries.toSorted((one, other) => other.size - one.size)) {
    const least = shares.reduce((found, share) => (share.cost < found.cost ? share : found));
    least.cost += entry.size + COST_OF_A_FILE;
    least.files.push(entry);
  }
  return shares.map(({ files }) => files).filter((files) => files.length > 0);
}

function zip(files: readonly FileEntry[], hashes: FileHashes): readonly (readonly [FileEntry, string])[] {
  return files.map((file, index) => [file, hashes[index] ?? ""]);
}

/** The digest of files with these hashes: see {@link MeasuredLayer}. */
export function setFrom(entries: readonly FileEntry[], hashes: FileHashes): Digest {
  const lines = entries.map(({ path }, index) => Buffer.from(checksumLine(hashes[index] ?? "", path)));
  return digestOf(Buffer.concat(lines.sort(Buffer.compare)));
}

/**
 * As sha256sum prints it: a name with a line break or a backslash is escaped, so that no name can pass for two lines.
 * @see https://www.gnu.org/software/coreutils/manual/html_node/cksum-output-modes.html
 */
function checksumLine(hash: string, path: string): string {
  const escaped = path.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
  return `${escaped === path ? "" : "\\"}${hash}  ${escaped}\n`;
}
