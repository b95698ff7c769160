/** As many links as Linux follows in one path (`MAXSYMLINKS`). */
const MAX_LINKS = 40;
/** Linux' PATH_MAX, which no path may reach. */
export const MAX_PATH = 4096;

/** What lies at a path of the tree; a link carries its target. */
export type ExtractedEntry =
  | { readonly kind: "directory" | "file" }
  | { readonly kind: "link"; readonly target: string };

/**
 * Follows a symbolic link as the kernel would, link by link and part by part, in a tree that is known as a value.
 * `..` after a link leaves the link's target, not its name, so comparing texts would not do.
 * @param path of the link; @param root the directory that must not be left, "" for the tree's own.
 * @param at is asked for each path on the way.
 * @returns `inside` also when it dangles or turns in circles: then nothing can be reached through it.
 */
export function resolveLink(
  path: string,
  root: string,
  at: (path: string) => ExtractedEntry | undefined,
): "inside" | "outside" {
  const partsOf = (text: string): string[] => text.split("/").filter((part) => part !== "" && part !== ".");
  const here = partsOf(path.slice(root.length));
  // The next part is the last.
  const ahead: string[] = [];
  for (let links = 0; links <= MAX_LINKS; ) {
    const place = [...(root === "" ? [] : [root]), ...here].join("/");
    if (place.length >= MAX_PATH) return "outside";
    const growth = at(place);
    if (growth?.kind === "link") {
      links += 1;
      if (growth.target.startsWith("/")) return "outside";
      ahead.push(...partsOf(growth.target).reverse());
      here.pop();
    }
    const part = ahead.pop();
    if (part === undefined) return "inside";
    if (part !== "..") here.push(part);
    else if (here.pop() === undefined) return "outside";
  }
  return "inside";
}
