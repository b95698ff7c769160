import { Failure } from "../errors.ts";
import { digestOf } from "../image/digest.ts";
import {
  printReference,
  printRepository,
  type Reference,
  type Repository,
  sameRepository,
} from "../image/reference.ts";
import { type ContentProvider, readManifest } from "./content.ts";
import type { Descriptor } from "./manifest.ts";
import { isForeignType } from "./media-types.ts";
import { inParallel } from "./parallel.ts";
import type { Registries } from "./registries.ts";
import { checkClaim } from "./resolve.ts";
import { type Arrival, uploadBlob } from "./upload.ts";

/** What became of the image's blobs, each counted once for every repository it went to. */
export interface Transfer {
  readonly arrivals: Readonly<Record<Arrival, number>>;
  /** Bytes of the blobs that were uploaded. */
  readonly uploadedBytes: number;
}

interface StoredManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
  /** Configs and layers that it names itself. */
  readonly blobs: readonly Descriptor[];
}

interface Job {
  readonly repository: Repository;
  readonly blob: Descriptor;
  readonly mountFrom: Repository | undefined;
}

const WIDTH = 4;

/**
 * Copies an image, byte for byte, under every reference: blobs to all repositories first, then manifests from the leaves
 * up, and only when everything is in place everywhere, the tags in their order.
 * @throws Failure of the first step that fails; no tag is touched unless all content has arrived.
 */
export async function transfer(
  registries: Registries,
  content: ContentProvider,
  root: Descriptor,
  references: readonly Reference[],
): Promise<Transfer> {
  const manifests = await readGraph(content, root);
  const repositories = distinctRepositories(references);
  const arrivals: Record<Arrival, number> = { present: 0, mounted: 0, uploaded: 0 };
  let uploadedBytes = 0;

  for (const jobs of planUploads(content, manifests, repositories)) {
    await inParallel(jobs, WIDTH, registries.world.signal, async ({ repository, blob, mountFrom }, signal) => {
      const options = { signal, ...(mountFrom && { mountFrom }) };
      const arrival = await uploadBlob(registries, repository, blobOf(content, blob), options);
      arrivals[arrival] += 1;
      if (arrival === "uploaded") uploadedBytes += blob.size;
    });
  }
  for (const repository of repositories) {
    for (const manifest of manifests.slice(0, -1)) {
      await putManifest(registries, content, { ...repository, digest: manifest.descriptor.digest }, manifest);
    }
  }
  const last = manifests.at(-1);
  if (last !== undefined) {
    for (const reference of references) await putManifest(registries, content, reference, last);
  }
  return { arrivals, uploadedBytes };
}

/** All manifests below and with the root, members before their index, each once. */
async function readGraph(content: ContentProvider, root: Descriptor): Promise<readonly StoredManifest[]> {
  const found = new Map<string, StoredManifest>();

  async function visit(descriptor: Descriptor): Promise<void> {
    if (found.has(descriptor.digest)) return;
    const { bytes, manifest } = await readManifest(content, descriptor);
    if (manifest.kind === "index") for (const member of manifest.members) await visit(member);
    const { mediaType } = manifest;
    const blobs = manifest.kind === "index" ? [] : [manifest.config, ...manifest.layers];
    found.set(descriptor.digest, {
      descriptor: { ...descriptor, mediaType },
      bytes,
      blobs: blobs.filter((blob) => !isForeignType(blob.mediaType)),
    });
  }

  await visit(root);
  return [...found.values()];
}

function distinctRepositories(references: readonly Reference[]): readonly Repository[] {
  const distinct: Repository[] = [];
  for (const { domain, path } of references) {
    const repository = { domain, path };
    if (!distinct.some((known) => sameRepository(known, repository))) distinct.push(repository);
  }
  return distinct;
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
 * collection, the blobs are uploaded for real, once.
 */
async function putManifest(
  registries: Registries,
  content: ContentProvider,
  reference: Reference,
  manifest: StoredManifest,
): Promise<void> {
  try {
    await put(registries, reference, manifest);
  } catch (error) {
    if (!(error instanceof Failure) || !error.lines.some((line) => /BLOB_UNKNOWN/.test(line))) throw error;
    const { signal } = registries.world;
    await inParallel(manifest.blobs, WIDTH, signal, async (blob, either) => {
      await uploadBlob(registries, reference, blobOf(content, blob), { force: true, signal: either });
    });
    await put(registries, reference, manifest);
  }
}

function put(registries: Registries, reference: Reference, { descriptor, bytes }: StoredManifest): Promise<void> {
  const { domain, path, tag } = reference;
  const digest = digestOf(bytes);
  if (reference.digest !== undefined && reference.digest !== digest) {
    throw new Failure("internal", `${printReference(reference)} cannot name the image ${digest}.`);
  }
  return registries.retrying(async () => {
    const answer = await registries.send(
      { repository: { domain, path }, write: true },
      {
        method: "PUT",
        target: `manifests/${reference.digest ?? tag ?? "latest"}`,
        headers: { "content-type": descriptor.mediaType },
        body: bytes,
        doing: `putting the manifest ${reference.digest ?? `under the tag ${tag ?? "latest"}`}`,
        accept: [200, 201, 202],
      },
    );
    answer.body.resume();
    checkClaim(answer, digest, printRepository(reference));
  });
}

function blobOf(content: ContentProvider, descriptor: Descriptor) {
  return { descriptor, open: () => content.blob(descriptor) };
}
