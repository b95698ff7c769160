import { Failure } from "../errors.ts";
import type { Files } from "../world/world.ts";

/**
 * Does the work; when it fails, what it brought into being at these paths is removed, so that no later step takes a
 * half-made image for a whole one. What was there before stays.
 */
export async function removeOnFailure<T>(
  paths: readonly string[],
  files: Pick<Files, "info" | "remove">,
  work: () => Promise<T>,
): Promise<T> {
  const before = await Promise.all(paths.map((path) => files.info(path)));
  try {
    return await work();
  } catch (error) {
    for (const [index, path] of paths.entries()) if (before[index] === undefined) await files.remove(path);
    throw error;
  }
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
