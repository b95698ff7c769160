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
