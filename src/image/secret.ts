/** What node:util calls `inspect.custom`; the module itself takes 4 ms to load. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** A value that prints as `***` everywhere. Only `script/perform` reveals it, into a file of mode 0600. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
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
