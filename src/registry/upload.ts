import type { Readable } from "node:stream";
import { Failure } from "../errors.ts";
import type { Repository } from "../image/reference.ts";
import type { Descriptor } from "./manifest.ts";
import { type Answer, type Registries, resolveLocation } from "./registries.ts";

/** How a blob came to be in a repository. */
export type Arrival = "present" | "mounted" | "uploaded";

export interface Blob {
  readonly descriptor: Descriptor;
  /** A new stream of the exact bytes, for every try one. */
  open(): Promise<Readable>;
}

export interface UploadOptions {
  /** Another repository of the same registry that has the blob. */
  readonly mountFrom?: Repository;
  /** Upload even when the registry says it has the blob. */
  readonly force?: boolean;
  readonly signal: AbortSignal;
}

/** Registries with object storage behind copy the blob before they answer: milliseconds. */
const COMMIT_TIMEOUT = 300_000;
/** Time for the last word to a registry after a failure or cancel, in milliseconds. */
const CLEANUP_TIMEOUT = 5_000;

/** Answers of registries and proxies that do not know a whole blob in one PUT. */
const NO_SINGLE_PUT = [404, 405, 415, 501];

/**
 * Brings one blob into a repository, cheapest way first: it is there, it is mounted, it is uploaded in one PUT, it is
 * uploaded in one PATCH. Tried again from the start after transient failures.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-blobs
 */
export function uploadBlob(
  registries: Registries,
  repository: Repository,
  blob: Blob,
  options: UploadOptions,
): Promise<Arrival> {
  const upload = new Upload(registries, repository, blob, options.signal);
  return registries.retrying(async () => {
    if (!options.force && (await upload.isPresent())) return "present";
    if (options.mountFrom !== undefined && (await upload.mount(options.mountFrom))) return "mounted";
    await upload.send(options.force !== true);
    return "uploaded";
  }, options.signal);
}

class Upload {
  readonly #registries: Registries;
  readonly #repository: Repository;
  readonly #blob: Blob;
  readonly #signal: AbortSignal;
  readonly #doing: string;
  /** Where the registry waits for the bytes; kept from a mount that became an upload. */
  #session: URL | undefined;

  constructor(registries: Registries, repository: Repository, blob: Blob, signal: AbortSignal) {
    this.#registries = registries;
    this.#repository = repository;
    this.#blob = blob;
    this.#signal = signal;
    this.#doing = `uploading ${blob.descriptor.digest}`;
  }

  async isPresent(): Promise<boolean> {
    const { digest } = this.#blob.descriptor;
    const doing = `asking for ${digest}`;
    const answer = await this.#call({ method: "HEAD", target: `blobs/${digest}`, doing, accept: [200, 404] });
    return answer.status === 200;
  }

  /** False when it must be uploaded; registries refuse mounts in many ways, none of which matters. */
  async mount(from: Repository): Promise<boolean> {
    const query = `mount=${encodeURIComponent(this.#blob.descriptor.digest)}&from=${encodeURIComponent(from.path)}`;
    const target = `blobs/uploads/?${query}`;
    try {
      const { signal } = this.#registries.world;
      const answer = await this.#call({ method: "POST", target, body: "", accept: [201, 202], signal }, from);
      if (answer.status === 201) return true;
      this.#session = sessionOf(answer);
    } catch (error) {
      if (!(error instanceof Failure) || error.class === "cancelled" || error.class === "rate-limit") throw error;
    }
    return false;
  }

  /** @param trusting whether the registry's word that it has the blob counts after a failure. */
  async send(trusting: boolean): Promise<void> {
    try {
      const whole = await this.#put();
      if (!whole) await this.#patch();
    } catch (error) {
      await this.#abandon();
      // Some refuse a blob that another client has brought in meanwhile.
      if (this.#signal.aborted || !trusting || !(await this.isPresent().catch(() => false))) throw error;
    }
    this.#session = undefined;
  }

  /** False when the registry does not take a whole blob this way. */
  async #put(): Promise<boolean> {
    const target = this.#withDigest(await this.#openSession());
    const answer = await this.#call({
      method: "PUT",
      target,
      ...this.#content(),
      accept: [201, 204, ...NO_SINGLE_PUT],
    });
    return !NO_SINGLE_PUT.includes(answer.status);
  }

  async #patch(): Promise<void> {
    await this.#abandon();
    const target = await this.#openSession();
    const answer = await this.#call({ method: "PATCH", target, ...this.#content(), accept: [201, 202, 204] });
    this.#session = sessionOf(answer);
    const end = this.#withDigest(this.#session);
    await this.#call({ method: "PUT", target: end, body: "", idleTimeout: COMMIT_TIMEOUT, accept: [201, 204] });
  }

  /** Ended by a cancel of the run only: a session whose location we never learn could not be dropped. */
  async #openSession(): Promise<URL> {
    const signal = this.#registries.world.signal;
    this.#session ??= sessionOf(
      await this.#call({ method: "POST", target: "blobs/uploads/", body: "", accept: [202], signal }),
    );
    return this.#session;
  }

  /** Tells the registry to drop the bytes it got; what it answers does not matter any more. */
  async #abandon(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session === undefined) return;
    const signal = AbortSignal.timeout(CLEANUP_TIMEOUT);
    await this.#call({ method: "DELETE", target: session, accept: [202, 204], signal }).catch(() => undefined);
  }

  #content() {
    const { descriptor, open } = this.#blob;
    return {
      headers: { "content-type": "application/octet-stream", "content-length": String(descriptor.size) },
      body: open,
      idleTimeout: COMMIT_TIMEOUT,
    };
  }

  #withDigest(session: URL): URL {
    const digest = encodeURIComponent(this.#blob.descriptor.digest);
    return new URL(`${session.href}${session.search === "" ? "?" : "&"}digest=${digest}`);
  }

  async #call(
    call: Omit<Parameters<Registries["send"]>[1], "doing"> & { readonly doing?: string },
    mountFrom?: Repository,
  ): Promise<Answer> {
    const access = { repository: this.#repository, write: true, ...(mountFrom && { mountFrom }) };
    const answer = await this.#registries.send(access, { doing: this.#doing, signal: this.#signal, ...call });
    answer.body.resume();
    return answer;
  }
}

function sessionOf({ headers, url, status }: Answer): URL {
  const location = headers["location"];
  if (location === undefined) {
    throw new Failure("network", `${url.host} answered ${status} to an upload without saying where to send it.`, {
      code: "LocationMissing",
    });
  }
  return resolveLocation(location, url, new URL(url.origin));
}
