/** A pattern for the end of a refusal that names at least these backends, in any order. */
export function able(...names: readonly string[]): string {
  return `\\(${names.map((name) => `(?=[^)]*\\b${name}\\b)`).join("")}[^)]* can\\)`;
}
