import { readlinkSync, rmSync, symlinkSync } from "node:fs";

/** Makes `link` a symbolic link to `target`, whatever it was before, dangling or not. */
export function relink(target: string, link: string): void {
  try {
    if (readlinkSync(link) === target) return;
  } catch {
    // not there yet
  }
  rmSync(link, { force: true });
  symlinkSync(target, link);
}
