import { basename, dirname, join, resolve } from "node:path/posix";
import type { Files, Machine } from "../machine/machine.ts";
import { compileGlob } from "../text/glob.ts";

/** A Bento that the matrix names; it need not be on this machine, unless a pattern has to find it. */
export interface NamedBento {
  /** For the input `bento` of a leg. */
  readonly bento: string;
  /** For names of files, artifacts and tags; no two are the same. */
  readonly slug: string;
}

/**
 * The Bentos of the input, each once: paths and tags as they are, patterns as what they find, sorted by name.
 * @returns as `missing`, the patterns that find nothing.
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

/** `*` and `?` stand for what is not a slash; names that begin with a dot are found only by a dot. */
async function matches(pattern: string, workspace: string, files: Pick<Files, "info" | "list">): Promise<string[]> {
  const parent = dirname(pattern);
  const directories = isPattern(parent) ? await matches(parent, workspace, files) : [parent];
  // Brackets are brackets here.
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

/** `./dist/iris.tar.gz` → `iris`, `iris:1.4.0` → `iris-1.4.0`; a number follows where a name is taken. */
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
