import { dirname } from "node:path";
import { Failure } from "../errors.ts";
import type { Files } from "../machine/machine.ts";

type RemovingFiles = Pick<Files, "info" | "remove" | "removeEmpty">;

/**
 * Runs the work. When it fails, what it created at these paths is removed, with the directories created for it, so that a
 * later step never uses an incomplete image. What existed before stays.
 */
export async function removeOnFailure<T>(
  paths: readonly string[],
  files: RemovingFiles,
  work: () => Promise<T>,
): Promise<T> {
  const absent = await Promise.all(paths.map((path) => absentAt(path, files)));
  try {
    return await work();
  } catch (error) {
    for (const [path, ...above] of absent) {
      if (path !== undefined) await files.remove(path);
      // Not empty when another step wrote there meanwhile.
      for (const directory of above) await files.removeEmpty(directory);
    }
    throw error;
  }
}

/** The path and the directories above it that do not exist, the innermost first. */
async function absentAt(path: string, files: RemovingFiles): Promise<readonly string[]> {
  const above = dirname(path);
  if (above === path || (await files.info(path)) !== undefined) return [];
  return [path, ...(await absentAt(above, files))];
}

/**
 * Refuses paths that are taken, because the tools differ: one adds to a layout, one replaces a file, one fails after the build.
 * @throws Failure `input` (code OutputExists) naming every path that holds something; an empty directory is fine.
 */
export async function refuseExisting(paths: readonly string[], files: Pick<Files, "info" | "list">): Promise<void> {
  const taken: string[] = [];
  for (const path of paths) {
    const found = await files.info(path);
    const isFree = found === undefined || (found.kind === "directory" && (await files.list(path)).length === 0);
    if (!isFree) taken.push(path);
  }
  if (taken.length === 0) return;
  throw new Failure("input", `output: already exists: ${taken.join(", ")}`, {
    code: "OutputExists",
    hint: "Use another path, or remove it in a step before this one.",
  });
}
