/** For messages that end with who can: these backends, in whatever order and with whatever others. */
export function able(...names: readonly string[]): string {
  return `\\(${names.map((name) => `(?=[^)]*\\b${name}\\b)`).join("")}[^)]* can\\)`;
}
