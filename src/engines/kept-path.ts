import { normalize } from "node:path/posix";

/** Whether a record may name this path as kept state. The clean-up unmounts only below such paths, and only with the lock. */
export function isKeptPath(path: string): boolean {
  return normalize(path) === path && /^\/(?:.+\/)?_?bento-image\/\d+\/[a-z]+$/.test(path);
}
