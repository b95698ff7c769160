import { basename, dirname, join, resolve } from "node:path/posix";
import type { Files, Machine } from "../machine/machine.ts";
import { compileGlob } from "../text/glob.ts";

/** A Bento of the matrix. It has to be on this machine only if a pattern must find it. */
export interface NamedBento {
  /** For the input `bento` of a matrix job. */
  readonly bento: string;
  /** Unique; for names of files, artifacts and tags. */
  readonly slug: string;
}

/**
 * The Bentos of the input, each once: paths and tags unchanged, patterns replaced by their matches, sorted by name.
 * @returns `missing`: the patterns without a match.
 */
export async function findBentos(
  items: readonly string[],
  { files, workspace }: Pick<Machine, "files" | "workspace">,
): Promise<{ readonly bentos: readonly NamedBento[]; readonly missing: readonly string[] }> {
  const found = await Promise.all(
    items.map(async (item) => (isPattern(item) ? await matches(item, workspace, files) : [item])),
  );
  return {
    bentos: withSlugs([...new Set(found.flat())]),
    missing: items.filter((_, index) => found[index]?.length === 0),
  };
}

function isPattern(text: string): boolean {
  return /[*?]/.test(text);
}

/** `*` and `?` match any character but a slash; a name that begins with a dot matches only a pattern that does too. */
async function matches(pattern: string, workspace: string, files: Pick<Files, "info" | "list">): Promise<string[]> {
  const parent = dirname(pattern);
  const directories = isPattern(parent) ? await matches(parent, workspace, files) : [parent];
  // Brackets are literal characters in these patterns.
  const wanted = compileGlob(basename(pattern).replaceAll("[", "[[]"));
  const found: string[] = [];
  for (const directory of directories) {
    const path = resolve(workspace, directory);
    if ((await files.info(path))?.kind !== "directory") continue;
    const names = (await files.list(path)).map(({ name }) => name);
    const fitting = names.filter(
      (name) => wanted.matches(name) && (basename(pattern).startsWith(".") || !name.startsWith(".")),
    );
    found.push(
      ...fitting.map((name) => (pattern.startsWith("./") ? `./${join(directory, name)}` : join(directory, name))),
    );
  }
  return found;
}

const ENDING = /\.(?:bento|tar|t?gz|t?xz|t?bz2|t?zst|zip)$/;

/** `./dist/iris.tar.gz` → `iris`, `iris:1.4.0` → `iris-1.4.0`; a number is added if the name is taken. */
function withSlugs(bentos: readonly string[]): readonly NamedBento[] {
  const taken = new Set<string>();
  return bentos.map((bento) => {
    const name = slugOf(bento);
    let slug = name;
    for (let count = 2; taken.has(slug); count++) slug = `${name}-${count}`;
    taken.add(slug);
    return { bento, slug };
  });
}

function slugOf(bento: string): string {
  const name = basename(bento)
    .replace(ENDING, "")
    .replace(/\.tar$/, "");
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, "-")
      .replace(/^[-.]+|(?<![-.])[-.]+$/g, "") || "bento"
  );
}
