/** What node:util calls `inspect.custom`; the module itself takes 4 ms to load. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** A value, text or bytes, that prints as `***` everywhere. Only `script/perform` writes it, into a file of mode 0600. */
export class Secret {
  readonly #value: string | Uint8Array;

  constructor(value: string | Uint8Array) {
    this.#value = value;
  }

  /** As text; bytes that are no UTF-8 are replaced in it. */
  reveal(): string {
    return typeof this.#value === "string" ? this.#value : Buffer.from(this.#value).toString("utf8");
  }

  /** To the byte. */
  revealBytes(): Uint8Array {
    return typeof this.#value === "string" ? Buffer.from(this.#value) : this.#value;
  }

  toString(): string {
    return "***";
  }

  toJSON(): string {
    return "***";
  }

  [INSPECT](): string {
    return "***";
  }
}
