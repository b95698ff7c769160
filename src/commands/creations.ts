import { dirname } from "node:path";
import { Failure } from "../errors.ts";
import type { Files } from "../machine/machine.ts";

type RemovingFiles = Pick<Files, "info" | "remove" | "removeEmpty">;

/**
 * Does the work; when it fails, what it brought into being at these paths is removed, so that no later step takes a
 * half-made image for a whole one, and the directories that were made for it. What was there before stays.
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
      // What another step put there meanwhile stays.
      for (const directory of above) await files.removeEmpty(directory);
    }
    throw error;
  }
}

/** The path and the directories above it that are not there, the innermost first. */
async function absentAt(path: string, files: RemovingFiles): Promise<readonly string[]> {
  const above = dirname(path);
  if (above === path || (await files.info(path)) !== undefined) return [];
  return [path, ...(await absentAt(above, files))];
}

/**
 * The tools differ in what they do to what is there: one adds to a layout, one replaces a file, one stops after the build.
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
  throw new Failure("input", `output: there is something already at ${taken.join(", ")}`, {
    code: "OutputExists",
    hint: "Give another path, or remove it in a step before this one.",
  });
}
