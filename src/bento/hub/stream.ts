import { createHash } from "node:crypto";
import { Failure } from "../../errors.ts";
import type { HttpResponse } from "../../machine/machine.ts";
import type { RemoteFile } from "../bento.ts";
import { type Hub, type HubMachine, networkFailure, openHub } from "./client.ts";
import { damaged, fileUrl, isContinued } from "./file.ts";
import { HUB_RETRY_POLICY, type HubRetryPolicy, retrying } from "./retry.ts";

/**
 * Streams the content of a file from the Hub without writing it to disk. If the connection breaks, a new one resumes at the
 * current byte. A piece is valid until the next one is requested.
 * @throws {Failure} as `Hub.get`; network when the hash is wrong, after all bytes have been yielded; cancelled.
 */
export async function* streamFile(
  file: RemoteFile,
  machine: HubMachine,
  retryPolicy: HubRetryPolicy = HUB_RETRY_POLICY,
): AsyncGenerator<Uint8Array, void, void> {
  const hub = await openHub(file.model, machine);
  const hash = createHash("sha256");
  const content = new RemoteContent(file, hub, machine, retryPolicy);
  try {
    for (let piece = await content.next(); piece !== undefined; piece = await content.next()) {
      hash.update(piece);
      yield piece;
    }
  } finally {
    content.close();
  }
  if (hash.digest("hex") !== file.sha256) throw damaged(file.path, hub, file.sha256);
}

/** Reads a file once from start to end, over as many connections as necessary. */
class RemoteContent {
  readonly #file: RemoteFile;
  readonly #hub: Hub;
  readonly #machine: HubMachine;
  readonly #retryPolicy: HubRetryPolicy;
  readonly #url: URL;
  /** Bytes that have been returned. */
  #passed = 0;
  #response: HttpResponse | undefined;
  #pieces: AsyncIterator<Uint8Array> | undefined;

  constructor(file: RemoteFile, hub: Hub, machine: HubMachine, retryPolicy: HubRetryPolicy) {
    this.#file = file;
    this.#hub = hub;
    this.#machine = machine;
    this.#retryPolicy = retryPolicy;
    this.#url = fileUrl(hub, file.commit, file.path);
  }

  /** The next piece; undefined at the end. */
  async next(): Promise<Uint8Array | undefined> {
    if (this.#passed === this.#file.size) return undefined;
    try {
      if (this.#pieces !== undefined) return await this.#take(this.#pieces);
    } catch (error) {
      if (!(error instanceof Failure) || error.class === "cancelled") throw error;
      this.#machine.actions.info(`${error.message}; resuming at byte ${this.#passed} of ${this.#file.path}`);
    }
    return retrying(() => this.#reconnect(), this.#machine, this.#retryPolicy);
  }

  /** Closes the connection. */
  close(): void {
    this.#response?.body.destroy();
    this.#response = undefined;
    this.#pieces = undefined;
  }

  async #reconnect(): Promise<Uint8Array> {
    const start = this.#passed;
    const headers = start === 0 ? {} : { range: `bytes=${start}-` };
    this.#response = await this.#hub.get(this.#url, headers, this.#machine.signal);
    if (this.#response.status === 416) {
      this.close();
      throw new Failure("network", `${this.#url.host} cannot resume a file at byte ${start}`, { code: "416" });
    }
    this.#pieces = without(this.#response.body, isContinued(this.#response, start) ? 0 : start);
    return this.#take(this.#pieces);
  }

  async #take(pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
    const { path, size } = this.#file;
    try {
      const next = await pieces.next();
      if (next.done === true) {
        throw new Failure(
          "network",
          `${this.#url.host} ended the download of ${path} after ${this.#passed} of ${size} bytes`,
        );
      }
      const piece = next.value.subarray(0, size - this.#passed);
      this.#passed += piece.length;
      return piece;
    } catch (error) {
      this.close();
      throw networkFailure(error, this.#url, this.#machine);
    }
  }
}

/** Skips the first bytes, which a mirror without range support sends again. */
async function* without(pieces: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array, void, void> {
  let left = count;
  for await (const piece of pieces) {
    const skipped = Math.min(left, piece.length);
    left -= skipped;
    if (skipped < piece.length) yield piece.subarray(skipped);
  }
}
