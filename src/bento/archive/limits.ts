import { Failure } from "../../errors.ts";

/** What an archive may become. The defaults are far beyond any real Bento and far below what harms a machine. */
export interface Limits {
  /** Files, directories and links together. BentoML's largest real Bentos have some thousand. */
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
}

export const LIMITS: Limits = { entries: 250_000, freeBytes: 256 * 1024 * 1024, ratio: 100, nameBytes: 4096 };

/** Counts what comes out of an archive and fails with bento/TooLarge as soon as it is too much. */
export class Allowance {
  readonly #archive: string;
  readonly #bytes: number;
  readonly #entries: number;
  #bytesUsed = 0;
  #entriesUsed = 0;

  /** @param archive its path, for the message; @param size its size in bytes. */
  constructor(archive: string, size: number, limits: Limits) {
    this.#archive = archive;
    this.#bytes = limits.freeBytes + size * limits.ratio;
    this.#entries = limits.entries;
  }

  spendBytes(count: number): void {
    this.#bytesUsed += count;
    if (this.#bytesUsed > this.#bytes)
      this.#fail(`more than ${this.#bytes} bytes, which no real Bento of its size holds`);
  }

  spendEntry(): void {
    this.#entriesUsed += 1;
    if (this.#entriesUsed > this.#entries) this.#fail(`more than ${this.#entries} entries`);
  }

  #fail(what: string): never {
    throw new Failure("bento", `${this.#archive} unpacks to ${what}`, {
      code: "TooLarge",
      hint: "If the archive is sound, unpack it in a step of its own and give the directory as `bento`.",
    });
  }
}
