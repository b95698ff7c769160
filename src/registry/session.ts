import { Failure } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import { printRepository, type Repository } from "../oci/reference.ts";
import { type Answer, type Registries, resolveLocation } from "./registries.ts";

/** Bytes to send, and how many. */
export interface Bytes {
  readonly size: number;
  /** The exact bytes from the start, for every try anew. A piece is good until the next one is asked for. */
  open(): Promise<AsyncIterable<Uint8Array>>;
}

type Request = Omit<Parameters<Registries["send"]>[1], "doing"> & { readonly doing?: string };

/** Registries with object storage behind copy the blob before they answer: milliseconds. */
const COMMIT_TIMEOUT = 300_000;
/** Time for the last word to a registry after a failure or cancel, in milliseconds. */
const CLEANUP_TIMEOUT = 5_000;

/** Answers of registries and proxies that do not know a whole blob in one PUT. */
const NO_SINGLE_PUT = [404, 405, 415, 501];

/**
 * One blob's upload to one repository: where the registry waits for the bytes, from the first request on until the blob is
 * there or the registry was told to forget it.
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
    const doing = `asking for ${digest}`;
    const answer = await this.#call({
      method: "HEAD",
      target: `blobs/${digest}`,
      doing,
      accept: [200, 404],
      isContent: true,
    });
    return answer.status === 200;
  }

  /** False when it must be uploaded; registries refuse mounts in many ways, none of which matters. */
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

  /** All bytes and the end in one request; false when the registry does not take a blob this way. */
  async put(digest: Digest, bytes: Bytes): Promise<boolean> {
    const target = withDigest(await this.#open(), digest);
    const accept = [201, 204, ...NO_SINGLE_PUT];
    const { status } = await this.#call({ method: "PUT", target, ...contentOf(bytes), accept });
    if (NO_SINGLE_PUT.includes(status)) return false;
    this.#location = undefined;
    return true;
  }

  /**
   * All bytes in one request without `Content-Range`, as docker, crane and jib send them: whoever refuses chunks takes
   * this. {@link commit} ends it.
   * @param otherwise statuses for which this is false; all others that are no success are a Failure.
   */
  async patch(bytes: Bytes, otherwise: readonly number[] = []): Promise<boolean> {
    const target = await this.#open();
    const accept = [201, 202, 204, ...otherwise];
    const answer = await this.#call({ method: "PATCH", target, ...contentOf(bytes), accept });
    if (otherwise.includes(answer.status)) return false;
    this.#location = locationOf(answer);
    return true;
  }

  async commit(digest: Digest): Promise<void> {
    const target = withDigest(await this.#open(), digest);
    await this.#call({ method: "PUT", target, body: "", idleTimeout: COMMIT_TIMEOUT, accept: [201, 204] });
    this.#location = undefined;
  }

  /** Tells the registry to drop the bytes it got; what it answers does not matter any more. */
  async abandon(): Promise<void> {
    const target = this.#location;
    this.#location = undefined;
    if (target === undefined) return;
    const signal = AbortSignal.timeout(CLEANUP_TIMEOUT);
    await this.#call({ method: "DELETE", target, accept: [202, 204], signal }).catch(() => undefined);
  }

  /** Ended by a cancel of the run only: a session whose location we never learn could not be dropped. */
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
    throw new Failure("network", `${url.host} answered ${status} to an upload without saying where to send it.`, {
      code: "LocationMissing",
    });
  }
  return resolveLocation(location, url, new URL(url.origin));
}
