import type { Environment } from "../cache/cached-environment.ts";
import { inParallel } from "../machine/concurrency.ts";
import type { ProgressTask } from "../machine/machine.ts";
import { countedContent } from "../machine/progress.ts";
import type { Digest } from "../oci/digest.ts";
import type { Descriptor } from "../oci/manifest.ts";
import { printRepository, type Reference, type Repository, repositoryOf } from "../oci/reference.ts";
import { REQUESTS_AT_ONCE, type Registries } from "../registry/registries.ts";
import type { Bytes } from "../registry/session.ts";
import { type BlobOutcome, uploadBlob } from "../registry/upload.ts";
import { uploadStream } from "../registry/upload-stream.ts";
import { printBytes } from "../text/byte-size.ts";
import { printDuration } from "../text/duration.ts";
import type { CacheLookup } from "./look-up.ts";
import type { LayerJob, PreparedLayer } from "./prepare-layers.ts";
import type { AssemblyRequest } from "./request.ts";

/** Uploads layers to the repositories of the image, and records which repository has which blob. */
export interface BlobPresence {
  /** Records blobs that a manifest in the repository lists, and that the registry therefore has. */
  add(repository: Repository, digests: readonly Digest[]): void;
  has(repository: Repository, digest: Digest): boolean;
  /** Uploads the layer once to every registry, and logs that; other repositories of the registry mount it later. */
  upload(layer: PreparedLayer, task: ProgressTask, signal: AbortSignal): Promise<void>;
  /** Uploads bytes of unknown digest to the registry. @throws Error when there are several registries. */
  send(bytes: Bytes, task: ProgressTask, signal: AbortSignal): Promise<{ readonly digest: Digest }>;
}

/** New layers up to this size, in bytes, are uploaded without a HEAD request: it takes as long as the upload. */
const MAX_UNCHECKED_SIZE = 1 << 16;
/** The upload of a layer of at least this size, in bytes, is logged when it begins, too. */
const LONG_UPLOAD = 1e8;

const OUTCOMES: Readonly<Record<BlobOutcome, string>> = {
  present: "already in the registry",
  mounted: "mounted from another repository",
  uploaded: "uploaded",
};

export function openBlobPresence(registries: Registries, references: readonly Reference[]): BlobPresence {
  /** For each digest, the repositories that have it, by their names. */
  const holders = new Map<Digest, Map<string, Repository>>();
  const { actions, now } = registries.machine;
  const firsts = [...new Map(references.toReversed().map((one) => [one.domain, repositoryOf(one)])).values()];

  function add(repository: Repository, digests: readonly Digest[]): void {
    const name = printRepository(repository);
    for (const digest of digests) holders.set(digest, (holders.get(digest) ?? new Map()).set(name, repository));
  }

  function has(repository: Repository, digest: Digest): boolean {
    return holders.get(digest)?.has(printRepository(repository)) ?? false;
  }

  async function uploadTo(
    repository: Repository,
    { title, descriptor, open, origin }: PreparedLayer,
    signal: AbortSignal,
  ): Promise<void> {
    const start = now().getTime();
    const size = printBytes(descriptor.size);
    const where = firsts.length === 1 ? "" : ` to ${repository.domain}`;
    if (descriptor.size >= LONG_UPLOAD) actions.info(`${title}: uploading ${size}${where}`);
    const held = [...(holders.get(descriptor.digest)?.values() ?? [])];
    const mountFrom = held.find(({ domain }) => domain === repository.domain);
    const isNew = origin === "hashed" && descriptor.size <= MAX_UNCHECKED_SIZE;
    const options = { signal, isNew, ...(mountFrom === undefined ? {} : { mountFrom }) };
    const result = await uploadBlob(registries, repository, { descriptor, open }, options);
    add(repository, [descriptor.digest]);
    const isTold = result === "uploaded" && descriptor.size >= LONG_UPLOAD;
    const end = isTold ? ` in ${printDuration((now().getTime() - start) / 1000)}` : `, ${size}`;
    actions.info(`${title}: ${OUTCOMES[result]}${where}${end}`);
  }

  return {
    add,
    has,
    async upload(layer, task, signal) {
      const { digest, size } = layer.descriptor;
      const missing = firsts.filter((repository) => !has(repository, digest));
      if (missing.length === 0) actions.info(`${layer.title}: ${stateOf(layer, firsts)}, ${printBytes(size)}`);
      task.resize(missing.length * size);
      for (const [index, repository] of missing.entries()) {
        await uploadTo(repository, { ...layer, open: countedContent(layer.open, task, index * size) }, signal);
      }
      task.end();
    },
    async send(bytes, task, signal) {
      const [repository, ...others] = firsts;
      if (repository === undefined || others.length > 0) throw new Error("a stream goes to one registry");
      const sent = await uploadStream(
        registries,
        repository,
        { ...bytes, open: countedContent(bytes.open, task) },
        { signal },
      );
      add(repository, [sent.digest]);
      return sent;
    },
  };
}

/** What is told of a layer that is not uploaded. */
function stateOf({ origin }: PreparedLayer, registries: readonly Repository[]): string {
  if (origin === "verified") return "cached, and its files were read and are the same";
  return origin === "hashed" && registries.length > 0 ? OUTCOMES.present : origin;
}

/** Records the blobs that the lookups have found. A registry keeps every blob that one of its manifests lists. */
export function recordCached(
  presence: BlobPresence,
  { cache }: Pick<AssemblyRequest, "cache">,
  { previous, recordedDigests, environments }: Pick<CacheLookup, "previous" | "recordedDigests" | "environments">,
): void {
  if (previous !== undefined) presence.add(repositoryOf(previous.reference), previous.blobs);
  if (cache !== undefined) presence.add(cache.repository, recordedDigests);
  recordEnvironments(presence, environments);
}

export function recordEnvironments(presence: BlobPresence, environments: readonly Environment[]): void {
  for (const { content, layers } of environments) {
    if (content.repository !== undefined) presence.add(content.repository, digestsOf(layers));
  }
}

function digestsOf(layers: readonly Descriptor[]): readonly Digest[] {
  return layers.map(({ digest }) => digest);
}

/**
 * Runs `work` for all layers, the largest first, so that no large one is left to run alone at the end.
 * @returns the layers in the order of the jobs.
 */
export async function prepareBigFirst(
  jobs: readonly LayerJob[],
  signal: AbortSignal,
  work: (job: LayerJob, signal: AbortSignal) => Promise<PreparedLayer>,
): Promise<readonly PreparedLayer[]> {
  const bigFirst = [...jobs.entries()].sort(([, one], [, other]) => sizeOf(other) - sizeOf(one));
  const done = new Map<number, PreparedLayer>();
  await inParallel(bigFirst, REQUESTS_AT_ONCE, signal, async ([index, job], taskSignal) => {
    done.set(index, await work(job, taskSignal));
  });
  return jobs.flatMap((_, index) => done.get(index) ?? []);
}

/** The total size of the files in bytes. */
function sizeOf({ plan }: LayerJob): number {
  return plan.entries.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
}
