/** An error in a manifest. `code` is the code of the resulting Failure. */
export interface Mistake {
  readonly code: "ManifestInvalid" | "TagInvalid" | "ValueInvalid";
  readonly message: string;
}

/**
 * A node of a parsed manifest. Its readers return the value. If the value has the wrong type, they record a mistake with
 * its path and return an empty value, so that one pass finds all mistakes.
 */
export class ManifestNode {
  readonly path: string;
  readonly #value: unknown;
  readonly #mistakes: Mistake[];

  constructor(value: unknown, path: string, mistakes: Mistake[]) {
    this.path = path;
    this.#value = value;
    this.#mistakes = mistakes;
  }

  get present(): boolean {
    return this.#value !== undefined && this.#value !== null;
  }

  /** Whether Python would consider the value true: neither absent nor an empty string, list or map. */
  get truthy(): boolean {
    if (!this.present || this.#value === "") return false;
    return typeof this.#value !== "object" || Object.keys(this.#value as object).length > 0;
  }

  get isText(): boolean {
    return typeof this.#value === "string";
  }

  get isList(): boolean {
    return Array.isArray(this.#value);
  }

  key(name: string): ManifestNode {
    const path = this.path === "" ? name : `${this.path}.${name}`;
    const map = this.#map();
    return this.#at(map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined, path);
  }

  text(): string | undefined {
    if (typeof this.#value === "string") return this.#value;
    if (this.present) this.#wrong("a string");
    return undefined;
  }

  requiredText(): string {
    if (!this.present) this.mistake("is missing");
    return this.text() ?? "";
  }

  items(): readonly ManifestNode[] {
    if (Array.isArray(this.#value)) return this.#value.map((item, index) => this.#at(item, `${this.path}[${index}]`));
    if (this.present) this.#wrong("a list");
    return [];
  }

  texts(): readonly string[] {
    return this.items().map((item) => item.requiredText());
  }

  /** The pairs of a map of strings. A null value is an empty string. */
  textEntries(): readonly (readonly [string, string])[] {
    const map = this.#map();
    if (map === undefined) return [];
    return Object.keys(map).map((name) => [name, this.key(name).text() ?? ""]);
  }

  mistake(message: string, code: Mistake["code"] = "ManifestInvalid"): void {
    this.#mistakes.push({ code, message: `${this.path === "" ? "the file" : `\`${this.path}\``} ${message}` });
  }

  #map(): Record<string, unknown> | undefined {
    if (!this.present) return undefined;
    if (typeof this.#value === "object" && !Array.isArray(this.#value)) return this.#value as Record<string, unknown>;
    this.#wrong("a map");
    return undefined;
  }

  #at(value: unknown, path: string): ManifestNode {
    return new ManifestNode(value, path, this.#mistakes);
  }

  #wrong(expected: string): void {
    this.mistake(`must be ${expected}, not ${kindOf(this.#value)}`);
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" ? "a string" : "a map";
}
