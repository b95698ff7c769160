import { setImmediate } from "node:timers/promises";
import { cancelled, Failure } from "../../errors.ts";

/** Limits of an unpacked archive. The defaults are far above real Bentos and far below what harms a machine. */
export interface Limits {
  /** Files, directories and links together. Real Bentos have some thousands; each takes up to 1 ms. */
  readonly entries: number;
  /** Unpacked bytes that are allowed for an archive of any size. */
  readonly freeBytes: number;
  /**
   * Unpacked bytes for each byte of the archive, in addition to `freeBytes`. Sources compress to 1/5, weights hardly at all;
   * xz and bzip2 bombs reach 1/7000, gzip and zip ones 1/1000.
   */
  readonly ratio: number;
  /** Bytes of one name, including its directories: PATH_MAX of Linux. */
  readonly nameBytes: number;
  /** Characters of all paths that are visited to resolve links. A thousand links of a virtual environment need about 100,000. */
  readonly linkPaths: number;
}

/** Bytes between two pauses. The slowest decoder needs about 50 ms for them. */
const PAUSE_BYTES = 1 << 20;

export const LIMITS: Limits = {
  entries: 100_000,
  freeBytes: 64 * 1024 * 1024,
  ratio: 100,
  nameBytes: 4096,
  linkPaths: 200_000_000,
};

/**
 * Counts the unpacked content of an archive. It fails with bento/TooLarge when a limit is exceeded, and with `cancelled`
 * when the signal is aborted.
 */
export class Limiter {
  readonly #archive: string;
  readonly #bytes: number;
  readonly #entries: number;
  readonly #signal: AbortSignal;
  readonly #linkPaths: number;
  #bytesUsed = 0;
  #linkPathsUsed = 0;
  #entriesUsed = 0;

  /** @param archive its path, for the message; @param size its size in bytes. */
  constructor(archive: string, size: number, limits: Limits, signal: AbortSignal) {
    this.#archive = archive;
    this.#bytes = limits.freeBytes + size * limits.ratio;
    this.#entries = limits.entries;
    this.#linkPaths = limits.linkPaths;
    this.#signal = signal;
  }

  /** Counts the bytes and passes them on. It pauses regularly so that signals are handled, because some decoders never yield. */
  async *meter(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let untilPause = PAUSE_BYTES;
    for await (const chunk of content) {
      this.#bytesUsed += chunk.length;
      if (this.#bytesUsed > this.#bytes)
        this.#fail(`more than ${this.#bytes} bytes, the limit for an archive of its size`);
      untilPause -= chunk.length;
      if (untilPause < 0) {
        await setImmediate();
        untilPause = PAUSE_BYTES;
      }
      if (this.#signal.aborted) throw cancelled(this.#signal, "The archive was not unpacked");
      yield chunk;
    }
  }

  spendEntry(): void {
    this.#entriesUsed += 1;
    this.checkEntries(this.#entriesUsed);
  }

  /** @param length of a path that is visited to resolve a link. */
  spendLinkPath(length: number): void {
    this.#linkPathsUsed += length;
    if (this.#linkPathsUsed > this.#linkPaths) this.#fail("links that are too expensive to resolve");
  }

  /** @param count of all entries, if the archive announces it. */
  checkEntries(count: number): void {
    if (count > this.#entries) this.#fail(`more than ${this.#entries} entries`);
  }

  #fail(what: string): never {
    throw new Failure("bento", `${this.#archive} unpacks to ${what}`, {
      code: "TooLarge",
      hint: "If you trust the archive, unpack it in a separate step and use the directory as `bento`.",
    });
  }
}
