import { Failure } from "../errors.ts";
import { inParallel } from "../machine/concurrency.ts";
import type { ContentProvider } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import { readGraph, type StoredManifest } from "../oci/graph.ts";
import type { Descriptor } from "../oci/manifest.ts";
import { distinctRepositories, type Reference, type Repository, sameRepository } from "../oci/reference.ts";
import { putTags } from "./put-tags.ts";
import { REQUESTS_AT_ONCE, type Registries } from "./registries.ts";
import { sendManifest } from "./send-manifest.ts";
import { type Arrival, uploadBlob } from "./upload.ts";

/** What became of the image's blobs, each counted once for every repository it went to. */
export interface Transfer {
  readonly arrivals: Readonly<Record<Arrival, number>>;
  /** Bytes of the blobs that were uploaded. */
  readonly uploadedBytes: number;
}

export interface TransferOptions {
  /**
   * True for a blob that a manifest of this very repository names: nobody asks the registry for it. If it is gone all the
   * same, the registry refuses the manifest, and the blob is taken from the content.
   */
  present?(repository: Repository, digest: Digest): boolean;
  /** True for a blob that no registry can have yet: it is sent without asking for it first. */
  isNew?(digest: Digest): boolean;
}

interface Job {
  readonly repository: Repository;
  readonly blob: Descriptor;
  readonly mountFrom: Repository | undefined;
}

/**
 * Copies an image, byte for byte, under every reference: blobs to all repositories first, then manifests from the leaves
 * up, and only when everything is in place everywhere, the tags ({@link putTags}).
 * @throws Failure of the first step that fails; no tag is touched unless all content has arrived.
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
  const arrivals: Record<Arrival, number> = { present: 0, mounted: 0, uploaded: 0 };
  let uploadedBytes = 0;

  async function bring({ repository, blob, mountFrom }: Job, signal: AbortSignal): Promise<Arrival> {
    if (present?.(repository, blob.digest)) return "present";
    const options = { signal, isNew: isNew?.(blob.digest) ?? false, ...(mountFrom && { mountFrom }) };
    return uploadBlob(registries, repository, blobOf(content, blob), options);
  }

  for (const jobs of planUploads(content, manifests, repositories)) {
    await inParallel(jobs, REQUESTS_AT_ONCE, registries.machine.signal, async (job, signal) => {
      const arrival = await bring(job, signal);
      arrivals[arrival] += 1;
      if (arrival === "uploaded") uploadedBytes += job.blob.size;
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
  return { arrivals, uploadedBytes };
}

/**
 * Two waves: first each registry gets every blob once, big ones first so that none comes alone at the end; then its
 * other repositories mount them from there.
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
 * Puts one manifest under its reference. When the registry misses a blob that it said it had, as after a garbage
 * collection, or that nobody asked it for, those that it says it lacks are uploaded; if that was not it, all of them are.
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
      await inParallel(manifest.blobs, REQUESTS_AT_ONCE, signal, async (blob, either) => {
        await uploadBlob(registries, reference, blobOf(content, blob), { force, signal: either });
      });
    }
  }
  await sendManifest(registries, reference, manifest);
}

function blobOf(content: ContentProvider, descriptor: Descriptor) {
  return { descriptor, open: () => content.blob(descriptor) };
}
