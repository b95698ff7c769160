import type { Environment } from "../cache/cached-environment.ts";
import { inParallel } from "../machine/concurrency.ts";
import type { Digest } from "../oci/digest.ts";
import type { Descriptor } from "../oci/manifest.ts";
import { printRepository, type Reference, type Repository, repositoryOf } from "../oci/reference.ts";
import { REQUESTS_AT_ONCE, type Registries } from "../registry/registries.ts";
import type { Bytes } from "../registry/session.ts";
import { uploadBlob } from "../registry/upload.ts";
import { uploadStream } from "../registry/upload-stream.ts";
import type { CacheLookup } from "./look-up.ts";
import type { LayerJob, PreparedLayer } from "./prepare-layers.ts";
import type { AssemblyRequest } from "./request.ts";

/** Brings layers to where the image will be, and remembers what is where. */
export interface BlobPresence {
  /** Notes blobs that a manifest in the repository names: the registry has them. */
  note(repository: Repository, digests: readonly Digest[]): void;
  has(repository: Repository, digest: Digest): boolean;
  /** Brings the layer to every registry, once each; its other repositories mount it later. */
  place(layer: PreparedLayer, signal: AbortSignal): Promise<void>;
  /** Uploads bytes of unknown digest to the registry, which must be the only one. */
  send(bytes: Bytes, signal: AbortSignal): Promise<{ readonly digest: Digest }>;
  readonly uploadedBytes: number;
}

/** Bytes of a new layer that are sent without asking for it first: the question takes as long as the answer. */
const NOT_ASKED_FOR = 1 << 16;

export function openBlobPresence(registries: Registries, references: readonly Reference[]): BlobPresence {
  /** By the repository's name, of each digest. */
  const holders = new Map<Digest, Map<string, Repository>>();
  const firsts = [...new Map(references.toReversed().map((one) => [one.domain, repositoryOf(one)])).values()];
  let uploadedBytes = 0;

  function note(repository: Repository, digests: readonly Digest[]): void {
    const name = printRepository(repository);
    for (const digest of digests) holders.set(digest, (holders.get(digest) ?? new Map()).set(name, repository));
  }

  function has(repository: Repository, digest: Digest): boolean {
    return holders.get(digest)?.has(printRepository(repository)) ?? false;
  }

  async function bring(
    repository: Repository,
    { descriptor, open, origin }: PreparedLayer,
    signal: AbortSignal,
  ): Promise<void> {
    const held = [...(holders.get(descriptor.digest)?.values() ?? [])];
    const mountFrom = held.find(({ domain }) => domain === repository.domain);
    const isNew = origin === "hashed" && descriptor.size <= NOT_ASKED_FOR;
    const options = { signal, isNew, ...(mountFrom === undefined ? {} : { mountFrom }) };
    const arrival = await uploadBlob(registries, repository, { descriptor, open }, options);
    note(repository, [descriptor.digest]);
    if (arrival === "uploaded") uploadedBytes += descriptor.size;
  }

  return {
    note,
    has,
    async place(layer, signal) {
      const missing = firsts.filter((repository) => !has(repository, layer.descriptor.digest));
      for (const repository of missing) await bring(repository, layer, signal);
    },
    async send(bytes, signal) {
      const [repository, ...others] = firsts;
      if (repository === undefined || others.length > 0) throw new Error("a stream goes to one registry");
      const sent = await uploadStream(registries, repository, bytes, { signal });
      note(repository, [sent.digest]);
      uploadedBytes += sent.size;
      return sent;
    },
    get uploadedBytes() {
      return uploadedBytes;
    },
  };
}

/** Notes what the lookups have shown: a registry keeps what its manifests name. */
export function noteCached(
  presence: BlobPresence,
  { cache }: Pick<AssemblyRequest, "cache">,
  { previous, kept, environments }: Pick<CacheLookup, "previous" | "kept" | "environments">,
): void {
  if (previous !== undefined) presence.note(repositoryOf(previous.reference), previous.holds);
  if (cache !== undefined) presence.note(cache.repository, kept);
  noteEnvironments(presence, environments);
}

export function noteEnvironments(presence: BlobPresence, environments: readonly Environment[]): void {
  for (const { content, layers } of environments) {
    if (content.repository !== undefined) presence.note(content.repository, digestsOf(layers));
  }
}

function digestsOf(layers: readonly Descriptor[]): readonly Digest[] {
  return layers.map(({ digest }) => digest);
}

/**
 * Prepares all layers, and hands each on as soon as its digest is known; big ones first, so that none comes alone at the
 * end. @returns the layers in the request of the jobs.
 */
export async function prepareBigFirst(
  jobs: readonly LayerJob[],
  signal: AbortSignal,
  work: (job: LayerJob, signal: AbortSignal) => Promise<PreparedLayer>,
): Promise<readonly PreparedLayer[]> {
  const bigFirst = [...jobs.entries()].sort(([, one], [, other]) => sizeOf(other) - sizeOf(one));
  const done = new Map<number, PreparedLayer>();
  await inParallel(bigFirst, REQUESTS_AT_ONCE, signal, async ([index, job], either) => {
    done.set(index, await work(job, either));
  });
  return jobs.flatMap((_, index) => done.get(index) ?? []);
}

/** Bytes of the files. */
function sizeOf({ plan }: LayerJob): number {
  return plan.entries.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
}
