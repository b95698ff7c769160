import { Failure } from "../errors.ts";
import { inParallel } from "../machine/concurrency.ts";
import type { ProgressTask } from "../machine/machine.ts";
import { countedContent } from "../machine/progress.ts";
import type { ContentProvider } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import { readGraph, type StoredManifest } from "../oci/graph.ts";
import type { Descriptor } from "../oci/manifest.ts";
import { distinctRepositories, type Reference, type Repository, sameRepository } from "../oci/reference.ts";
import { putTags } from "./put-tags.ts";
import { REQUESTS_AT_ONCE, type Registries } from "./registries.ts";
import { sendManifest } from "./send-manifest.ts";
import { type BlobOutcome, uploadBlob } from "./upload.ts";

/** How the image's blobs were transferred; each is counted once per repository. */
export interface Transfer {
  readonly outcomes: Readonly<Record<BlobOutcome, number>>;
  /** Bytes of the blobs that were uploaded. */
  readonly uploadedBytes: number;
}

export interface TransferOptions {
  /**
   * True for a blob that a manifest in this repository names: the registry is not asked for it. If the blob is missing after
   * all, the registry refuses the manifest, and the blob is uploaded.
   */
  present?(repository: Repository, digest: Digest): boolean;
  /** True for a new blob that no registry can have: it is uploaded without a check. */
  isNew?(digest: Digest): boolean;
}

interface Job {
  readonly repository: Repository;
  readonly blob: Descriptor;
  readonly mountFrom: Repository | undefined;
}

/**
 * Copies an image byte for byte to every reference: first blobs to all repositories, then manifests from the leaves up, and
 * only when all content is in place, the tags ({@link putTags}).
 * @throws Failure of the first step that fails; tags change only after all content was pushed.
 */
export async function transfer(
  registries: Registries,
  content: ContentProvider,
  root: Descriptor,
  references: readonly Reference[],
  { present, isNew }: TransferOptions = {},
): Promise<Transfer> {
  const manifests = await readGraph(content, root);
  const repositories = distinctRepositories(references);
  const { actions } = registries.machine;
  const outcomes: Record<BlobOutcome, number> = { present: 0, mounted: 0, uploaded: 0 };
  let uploadedBytes = 0;

  async function transferBlob(
    { repository, blob, mountFrom }: Job,
    task: ProgressTask,
    signal: AbortSignal,
  ): Promise<BlobOutcome> {
    if (present?.(repository, blob.digest)) return "present";
    const options = { signal, isNew: isNew?.(blob.digest) ?? false, ...(mountFrom && { mountFrom }) };
    const open = countedContent(() => content.blob(blob), task);
    return uploadBlob(registries, repository, { descriptor: blob, open }, options);
  }

  for (const jobs of planUploads(content, manifests, repositories)) {
    const tasks = new Map(jobs.map((job) => [job, actions.progress("uploading the image", job.blob.size)]));
    const wave = inParallel([...tasks], REQUESTS_AT_ONCE, registries.machine.signal, async ([job, task], signal) => {
      const outcome = await transferBlob(job, task, signal);
      outcomes[outcome] += 1;
      if (outcome === "uploaded") uploadedBytes += job.blob.size;
      task.end();
    });
    await wave.finally(() => {
      for (const task of tasks.values()) task.end();
    });
  }
  for (const repository of repositories) {
    for (const manifest of manifests.slice(0, -1)) {
      await putManifest(registries, content, { ...repository, digest: manifest.descriptor.digest }, manifest);
    }
  }
  const last = manifests.at(-1);
  if (last !== undefined) {
    await putTags(registries, references, last.descriptor.digest, (reference) =>
      putManifest(registries, content, reference, last),
    );
  }
  return { outcomes, uploadedBytes };
}

/**
 * Two waves: first each registry gets every blob once, in order of size so that a big one does not delay the end; then its
 * other repositories mount the blobs.
 */
function planUploads(
  content: ContentProvider,
  manifests: readonly StoredManifest[],
  repositories: readonly Repository[],
): readonly (readonly Job[])[] {
  const blobs = new Map(manifests.flatMap((manifest) => manifest.blobs).map((blob) => [blob.digest, blob]));
  const bigFirst = [...blobs.values()].sort((one, other) => other.size - one.size);
  const waves: [Job[], Job[]] = [[], []];
  for (const repository of repositories) {
    const first = repositories.find(({ domain }) => domain === repository.domain) ?? repository;
    const origin = content.repository?.domain === repository.domain ? content.repository : undefined;
    const source = first === repository ? origin : first;
    const mountFrom = source !== undefined && sameRepository(source, repository) ? undefined : source;
    const wave = first === repository ? waves[0] : waves[1];
    wave.push(...bigFirst.map((blob) => ({ repository, blob, mountFrom })));
  }
  return waves;
}

/**
 * Pushes one manifest. If the registry lacks a blob that it reported to have (for example after a garbage collection) or that
 * was not checked, the blobs that it reports as missing are uploaded; if the push still fails, all of them are.
 */
async function putManifest(
  registries: Registries,
  content: ContentProvider,
  reference: Reference,
  manifest: StoredManifest,
): Promise<void> {
  const { signal } = registries.machine;
  for (const force of [false, true]) {
    try {
      await sendManifest(registries, reference, manifest);
      return;
    } catch (error) {
      if (!(error instanceof Failure) || !error.lines.some((line) => /BLOB_UNKNOWN/.test(line))) throw error;
      await inParallel(manifest.blobs, REQUESTS_AT_ONCE, signal, async (blob, blobSignal) => {
        await uploadBlob(registries, reference, blobOf(content, blob), { force, signal: blobSignal });
      });
    }
  }
  await sendManifest(registries, reference, manifest);
}

function blobOf(content: ContentProvider, descriptor: Descriptor) {
  return { descriptor, open: () => content.blob(descriptor) };
}
