import { createHash } from "node:crypto";
import { Failure } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import type { Repository } from "../oci/reference.ts";
import { TransientFailure } from "./failures.ts";
import type { Registries } from "./registries.ts";
import { type Bytes, UploadSession } from "./session.ts";
import { uploadBlob } from "./upload.ts";

/** Statuses of registries that do not support a blob in one PATCH. */
const NO_SINGLE_PATCH = [405, 415, 501];

/**
 * Uploads bytes of unknown digest in one pass: they are hashed while they are sent. If the registry does not support this,
 * they are read twice. After a transient failure, or a failure of class `network` or `rate-limit` from the source, the upload
 * is dropped and starts again with a new `open()`.
 * @throws Failure of the registry or the source.
 */
export async function uploadStream(
  registries: Registries,
  repository: Repository,
  source: Bytes,
  { signal }: { readonly signal: AbortSignal },
): Promise<{ readonly digest: Digest; readonly size: number }> {
  const { size } = source;
  const digest = await registries.retrying(() => uploadOnce(registries, repository, source, signal), signal);
  if (digest !== undefined) {
    registries.uploads.blobs.add(digest);
    return { digest, size };
  }
  const hashed = await registries.retrying(() => hashAll(source), signal);
  const open = () => openSource(source);
  const descriptor = { mediaType: "application/octet-stream", digest: hashed, size, annotations: {} };
  await uploadBlob(registries, repository, { descriptor, open }, { signal });
  return { digest: hashed, size };
}

/** Gives `undefined` if the registry does not support an upload of this kind. */
async function uploadOnce(
  registries: Registries,
  repository: Repository,
  source: Bytes,
  signal: AbortSignal,
): Promise<Digest | undefined> {
  const session = new UploadSession(registries, repository, `uploading a blob of ${source.size} bytes`, signal);
  let digest: Digest | undefined;

  /** Starts a new hash each time the bytes are sent, for example after a 401. */
  async function open(): Promise<AsyncIterable<Uint8Array>> {
    digest = undefined;
    return hashing(await openSource(source), (found) => {
      digest = found;
    });
  }

  try {
    const isAccepted = await session.patch({ size: source.size, open }, NO_SINGLE_PATCH);
    if (!isAccepted) await session.abandon();
    if (!isAccepted) return undefined;
    if (digest === undefined) throw answeredEarly(source, repository);
    await session.commit(digest);
    return digest;
  } catch (error) {
    await session.abandon();
    // The registry may have stored the blob although its last answer was lost.
    if (digest !== undefined && !signal.aborted && (await session.has(digest).catch(() => false))) return digest;
    throw error;
  }
}

async function* hashing(pieces: AsyncIterable<Uint8Array>, done: (digest: Digest) => void): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
  done(`sha256:${hash.digest("hex")}`);
}

async function hashAll(source: Bytes): Promise<Digest> {
  const hash = createHash("sha256");
  for await (const piece of await openSource(source)) hash.update(piece);
  return `sha256:${hash.digest("hex")}`;
}

async function openSource({ open }: Bytes): Promise<AsyncIterable<Uint8Array>> {
  try {
    return withTransientFailures(await open());
  } catch (error) {
    throw asTransient(error);
  }
}

async function* withTransientFailures(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces;
  } catch (error) {
    throw asTransient(error);
  }
}

function asTransient(error: unknown): unknown {
  if (!(error instanceof Failure) || error instanceof TransientFailure) return error;
  if (error.class !== "network" && error.class !== "rate-limit") return error;
  const { code, lines, hint } = error;
  return new TransientFailure(error.class, error.message, { code, lines, ...(hint && { hint }), cause: error });
}

function answeredEarly({ size }: Bytes, { domain }: Repository): Failure {
  return new TransientFailure(
    "network",
    `${domain} accepted an upload of ${size} bytes before all of them were sent.`,
    {
      code: "AnsweredEarly",
    },
  );
}
