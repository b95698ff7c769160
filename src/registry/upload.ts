import type { Descriptor } from "../oci/manifest.ts";
import type { Repository } from "../oci/reference.ts";
import type { Registries } from "./registries.ts";
import { type Bytes, UploadSession } from "./session.ts";

/** How a blob was transferred to a repository. */
export type BlobOutcome = "present" | "mounted" | "uploaded";

export interface Blob {
  readonly descriptor: Descriptor;
  /** {@link Bytes.open} */
  open: Bytes["open"];
}

export interface UploadOptions {
  /** Another repository of the same registry that has the blob. */
  readonly mountFrom?: Repository;
  /** Whether the registry cannot have the blob; then the first try does not check for it. */
  readonly isNew?: boolean;
  /** Upload even if the registry reports that it has the blob. */
  readonly force?: boolean;
  readonly signal: AbortSignal;
}

/**
 * Transfers one blob to a repository, cheapest way first: check whether it is present, mount it, upload it in one PUT, upload
 * it in one PATCH. After a transient failure only this blob is sent again, from its start.
 *
 * An upload is not resumed where it broke, because hardly any registry can tell the offset. Distribution, which Harbor
 * and many others run, signs the offset into the upload's address and answers 404 at the old one, to GET and to DELETE
 * ("upload resumed at wrong offest", seen with 2.8.2); an address with the right offset would have come with the answer
 * that the break took away. It drops such bytes itself, after a week. GHCR answers 416 to ranges over 4 MiB
 * (https://github.com/oras-project/rust-oci-client/issues/35), ECR loses what follows the first chunk
 * (https://github.com/aws/containers-roadmap/issues/2831), Google's takes no chunks at all.
 */
export function uploadBlob(
  registries: Registries,
  repository: Repository,
  { descriptor: { digest, size }, open }: Blob,
  { mountFrom, isNew, force, signal }: UploadOptions,
): Promise<BlobOutcome> {
  const session = new UploadSession(registries, repository, `uploading ${digest}`, signal);
  let mustCheck = force !== true && isNew !== true;

  async function upload(): Promise<void> {
    try {
      if (await session.put(digest, { size, open })) return;
      await session.abandon();
      await session.patch({ size, open });
      await session.commit(digest);
    } catch (error) {
      await session.abandon();
      // Some registries refuse a blob that another client has uploaded meanwhile.
      if (signal.aborted || force || !(await session.has(digest).catch(() => false))) throw error;
    }
  }

  return registries.retrying(async () => {
    if (mustCheck && (await session.has(digest))) return "present";
    mustCheck = force !== true;
    if (mountFrom !== undefined && (await session.mount(digest, mountFrom))) return "mounted";
    await upload();
    registries.uploads.blobs.add(digest);
    return "uploaded";
  }, signal);
}
