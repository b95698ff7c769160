import { Failure } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import { printRepository, type Repository } from "../oci/reference.ts";
import { type Answer, type Registries, resolveLocation } from "./registries.ts";

/** Bytes to send, with their number. */
export interface Bytes {
  readonly size: number;
  /** Opens the exact bytes from the start; called for every try. A piece is valid until the next one is read. */
  open(): Promise<AsyncIterable<Uint8Array>>;
}

type Request = Omit<Parameters<Registries["send"]>[1], "doing"> & { readonly doing?: string };

/** Milliseconds: registries on object storage copy the blob before they answer. */
const COMMIT_TIMEOUT = 300_000;
/** Milliseconds for dropping an upload after a failure or cancel. */
const CLEANUP_TIMEOUT = 5_000;

/** Statuses of registries and proxies that do not support a blob in one PUT. */
const NO_SINGLE_PUT = [404, 405, 415, 501];

/**
 * The upload of one blob to one repository. It keeps the upload's location from the first request until the blob is complete
 * or the upload is dropped.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-blobs
 */
export class UploadSession {
  readonly #registries: Registries;
  readonly #repository: Repository;
  readonly #doing: string;
  readonly #signal: AbortSignal;
  #location: URL | undefined;

  /** @param doing completes "answered 500 while …": `uploading sha256:…`. */
  constructor(registries: Registries, repository: Repository, doing: string, signal: AbortSignal) {
    this.#registries = registries;
    this.#repository = repository;
    this.#doing = doing;
    this.#signal = signal;
  }

  async has(digest: Digest): Promise<boolean> {
    const doing = `checking for ${digest}`;
    const answer = await this.#call({
      method: "HEAD",
      target: `blobs/${digest}`,
      doing,
      accept: [200, 404],
      isContent: true,
    });
    return answer.status === 200;
  }

  /** False when the blob must be uploaded, however the registry refuses the mount. */
  async mount(digest: Digest, from: Repository): Promise<boolean> {
    const pair = `${printRepository(from)} ${printRepository(this.#repository)}`;
    if (this.#registries.refusedMounts.has(pair)) return false;
    const query = `mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from.path)}`;
    const target = `blobs/uploads/?${query}`;
    try {
      const { signal } = this.#registries.machine;
      const answer = await this.#call(
        { method: "POST", target, body: "", accept: [201, 202], logins: 1, signal },
        from,
      );
      if (answer.status === 201) return true;
      this.#location = locationOf(answer);
    } catch (error) {
      if (!(error instanceof Failure) || error.class === "cancelled" || error.class === "rate-limit") throw error;
      if (error.class === "auth") this.#registries.refusedMounts.add(pair);
    }
    return false;
  }

  /** Uploads and completes the blob in one request; false if the registry does not support this. */
  async put(digest: Digest, bytes: Bytes): Promise<boolean> {
    const target = withDigest(await this.#open(), digest);
    const accept = [201, 204, ...NO_SINGLE_PUT];
    const { status } = await this.#call({ method: "PUT", target, ...contentOf(bytes), accept });
    if (NO_SINGLE_PUT.includes(status)) return false;
    this.#location = undefined;
    return true;
  }

  /**
   * Uploads all bytes in one request without `Content-Range`, as docker, crane and jib do; registries that refuse chunks
   * accept this. {@link commit} completes the upload.
   * @param unsupported statuses for which this returns false; any other status but success is a Failure.
   */
  async patch(bytes: Bytes, unsupported: readonly number[] = []): Promise<boolean> {
    const target = await this.#open();
    const accept = [201, 202, 204, ...unsupported];
    const answer = await this.#call({ method: "PATCH", target, ...contentOf(bytes), accept });
    if (unsupported.includes(answer.status)) return false;
    this.#location = locationOf(answer);
    return true;
  }

  async commit(digest: Digest): Promise<void> {
    const target = withDigest(await this.#open(), digest);
    await this.#call({ method: "PUT", target, body: "", idleTimeout: COMMIT_TIMEOUT, accept: [201, 204] });
    this.#location = undefined;
  }

  /** Drops the upload in the registry; its answer is ignored. */
  async abandon(): Promise<void> {
    const target = this.#location;
    this.#location = undefined;
    if (target === undefined) return;
    const signal = AbortSignal.timeout(CLEANUP_TIMEOUT);
    await this.#call({ method: "DELETE", target, accept: [202, 204], signal }).catch(() => undefined);
  }

  /** Only a cancel of the run ends this request: without the location, the upload could not be dropped. */
  async #open(): Promise<URL> {
    const { signal } = this.#registries.machine;
    this.#location ??= locationOf(
      await this.#call({ method: "POST", target: "blobs/uploads/", body: "", accept: [202], signal }),
    );
    return this.#location;
  }

  async #call(request: Request, mountFrom?: Repository): Promise<Answer> {
    const access = { repository: this.#repository, write: true, ...(mountFrom && { mountFrom }) };
    const answer = await this.#registries.send(access, { doing: this.#doing, signal: this.#signal, ...request });
    answer.body.resume();
    return answer;
  }
}

function contentOf({ size, open }: Bytes) {
  return {
    headers: { "content-type": "application/octet-stream", "content-length": String(size) },
    body: open,
    idleTimeout: COMMIT_TIMEOUT,
  };
}

function withDigest(location: URL, digest: Digest): URL {
  return new URL(`${location.href}${location.search === "" ? "?" : "&"}digest=${encodeURIComponent(digest)}`);
}

function locationOf({ headers, url, status }: Answer): URL {
  const location = headers["location"];
  if (location === undefined) {
    throw new Failure("network", `${url.host} answered ${status} to an upload without a Location header.`, {
      code: "LocationMissing",
    });
  }
  return resolveLocation(location, url, new URL(url.origin));
}
