import { normalize } from "node:path/posix";

/** Whether a record may name it: nothing else is unmounted below, and whoever has it has the lock beside it. */
export function isKeptPath(path: string): boolean {
  return normalize(path) === path && /^\/(?:.+\/)?_?bento-image\/\d+\/[a-z]+$/.test(path);
}
