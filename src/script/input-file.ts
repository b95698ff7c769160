import type { Files } from "../world/world.ts";

/**
 * Why the file that an input names cannot be read whole, to complete "PATH …"; undefined when it can. A link counts as
 * what it leads to.
 * @param most bytes.
 */
export async function fileProblem(
  path: string,
  most: number,
  files: Pick<Files, "info" | "realPath">,
): Promise<string | undefined> {
  const real = await files.realPath(path).catch(() => undefined);
  const info = real === undefined ? undefined : await files.info(real);
  if (info === undefined) return "is not there";
  if (info.kind !== "file") return "is no file";
  return info.size > most ? `is larger than ${Math.floor(most / 1024)} KiB` : undefined;
}
