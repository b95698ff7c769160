/** `inspect.custom` of node:util, which takes 4 ms to load. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** A secret text or bytes, which prints as `***`. Only `commands/execute` writes its value, into a file of mode 0600. */
export class Secret {
  readonly #value: string | Uint8Array;

  constructor(value: string | Uint8Array) {
    this.#value = value;
  }

  /** The value as text. Invalid UTF-8 is replaced. */
  reveal(): string {
    return typeof this.#value === "string" ? this.#value : Buffer.from(this.#value).toString("utf8");
  }

  /** The exact bytes of the value. */
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
