import { dirname } from "node:path/posix";
import type { Growth } from "./tree.ts";

/** As many links as Linux follows in one path (`MAXSYMLINKS`). */
const MAX_LINKS = 40;

/**
 * Follows a symbolic link as the kernel would, link by link and part by part, in a tree that is known as a value.
 * `..` after a link leaves the link's target, not its name, so comparing texts would not do.
 * @param path of the link; @param root the directory that must not be left, "" for the tree's own.
 * @returns `inside` also when it dangles or turns in circles: then nothing can be reached through it.
 */
export function resolveLink(
  path: string,
  root: string,
  at: (path: string) => Growth | undefined,
): "inside" | "outside" {
  let here = path.slice(root === "" ? 0 : root.length + 1);
  let ahead: readonly string[] = [];
  for (let links = 0; links <= MAX_LINKS; ) {
    const growth = at(root === "" ? here : `${root}/${here}`);
    if (growth?.kind === "link") {
      links += 1;
      if (growth.target.startsWith("/")) return "outside";
      ahead = [...growth.target.split("/"), ...ahead];
      here = parent(here) ?? "";
    }
    const [part, ...rest] = ahead;
    if (part === undefined) return "inside";
    ahead = rest;
    if (part === "" || part === ".") continue;
    const next = part === ".." ? parent(here) : join(here, part);
    if (next === undefined) return "outside";
    here = next;
  }
  return "inside";
}

function join(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}

/** undefined above the root. */
function parent(path: string): string | undefined {
  if (path === "") return undefined;
  const directory = dirname(path);
  return directory === "." ? "" : directory;
}
