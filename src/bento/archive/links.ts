/** How many links Linux follows in one path (`MAXSYMLINKS`). */
const MAX_LINKS = 40;
/** PATH_MAX of Linux. Paths must be shorter. */
export const MAX_PATH = 4096;

/** An entry of the unpacked tree. */
export type ExtractedEntry =
  | { readonly kind: "directory" | "file" }
  | { readonly kind: "link"; readonly target: string };

/**
 * Resolves a symbolic link in a tree without the file system, as the kernel would: link by link and part by part. `..`
 * after a link refers to the parent of the link's target, so comparing the texts of paths is not sufficient.
 * @param path of the link; @param root the directory that must not be left, "" for the root of the tree.
 * @param at returns the entry at a path.
 * @returns `inside` also for a broken link or a cycle, since nothing can be reached through it.
 */
export function resolveLink(
  path: string,
  root: string,
  at: (path: string) => ExtractedEntry | undefined,
): "inside" | "outside" {
  const partsOf = (text: string): string[] => text.split("/").filter((part) => part !== "" && part !== ".");
  const here = partsOf(path.slice(root.length));
  // The next part is the last element.
  const pending: string[] = [];
  for (let links = 0; links <= MAX_LINKS; ) {
    const current = [...(root === "" ? [] : [root]), ...here].join("/");
    if (current.length >= MAX_PATH) return "outside";
    const entry = at(current);
    if (entry?.kind === "link") {
      links += 1;
      if (entry.target.startsWith("/")) return "outside";
      pending.push(...partsOf(entry.target).reverse());
      here.pop();
    }
    const part = pending.pop();
    if (part === undefined) return "inside";
    if (part !== "..") here.push(part);
    else if (here.pop() === undefined) return "outside";
  }
  return "inside";
}
