/** Values that only the real reader makes, for tests of those who carry them. */
import type { EnclosedFile, Enclosure } from "../../src/machine/enclosure.ts";

/** A directory that is its own root. */
export function enclosureOf(path: string, root = path): Enclosure {
  return { path, root } as Enclosure;
}

export function enclosedFile(path: string): EnclosedFile {
  return { kind: "path", path } as EnclosedFile;
}
