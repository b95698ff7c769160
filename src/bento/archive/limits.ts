import { setImmediate } from "node:timers/promises";
import { cancelled, Failure } from "../../errors.ts";

/** What an archive may become. The defaults are far beyond any real Bento and far below what harms a machine. */
export interface Limits {
  /** Files, directories and links together. Real Bentos have some thousand; each takes up to 1 ms. */
  readonly entries: number;
  /** Bytes that come out whatever the size of the archive. */
  readonly freeBytes: number;
  /**
   * Bytes that come out for each byte of the archive, beyond `freeBytes`. Sources compress to 1/5, weights hardly at all;
   * xz and bzip2 bombs reach 1/7000, gzip and zip ones 1/1000.
   */
  readonly ratio: number;
  /** Bytes of one name, with its directories: Linux' PATH_MAX. */
  readonly nameBytes: number;
  /** Characters of all paths that links lead through; a thousand links of a virtual environment need some 100,000. */
  readonly linkPaths: number;
}

/** The slowest decoder takes some 50 ms for them. */
const PAUSE_BYTES = 1 << 20;

export const LIMITS: Limits = {
  entries: 100_000,
  freeBytes: 64 * 1024 * 1024,
  ratio: 100,
  nameBytes: 4096,
  linkPaths: 200_000_000,
};

/**
 * Counts what comes out of an archive and fails with bento/TooLarge as soon as it is too much, or `cancelled` when the
 * signal says so.
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

  /** The same bytes, counted. Some decoders never wait for the machine, hence the pauses, in which signals are heard. */
  async *meter(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let untilPause = PAUSE_BYTES;
    for await (const chunk of content) {
      this.#bytesUsed += chunk.length;
      if (this.#bytesUsed > this.#bytes)
        this.#fail(`more than ${this.#bytes} bytes, which no real Bento of its size holds`);
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

  /** @param length of a path that a link leads through. */
  spendLinkPath(length: number): void {
    this.#linkPathsUsed += length;
    if (this.#linkPathsUsed > this.#linkPaths) this.#fail("links that lead through each other without end");
  }

  /** @param count of all entries, where an archive tells it beforehand. */
  checkEntries(count: number): void {
    if (count > this.#entries) this.#fail(`more than ${this.#entries} entries`);
  }

  #fail(what: string): never {
    throw new Failure("bento", `${this.#archive} unpacks to ${what}`, {
      code: "TooLarge",
      hint: "If the archive is sound, unpack it in a step of its own and give the directory as `bento`.",
    });
  }
}
