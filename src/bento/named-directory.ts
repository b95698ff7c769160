import { join } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { Enclosure } from "../machine/enclosure.ts";
import type { Machine } from "../machine/machine.ts";

/**
 * Encloses a directory that an input names, or a directory in such a store. Links in its path are followed, because big
 * models are often on another disk. But a pull request can add links to the workspace, which could copy the checkout with
 * the credentials in its `.git` into the image.
 * @param path absolute, as given.
 * @throws {Failure} bento/UnsafePath when links below the workspace lead to the workspace, above it, or to a working copy.
 */
export async function encloseNamed(
  path: string,
  { files, workspace }: Pick<Machine, "files" | "workspace">,
): Promise<Enclosure> {
  const directory = await files.enclosed.enclose(path);
  const top = await files.realPath(workspace).catch(() => workspace);
  const base = [workspace, top].find((one) => path.startsWith(`${one}/`));
  if (base === undefined) return directory;
  const real = directory.path;
  if (real === join(top, path.slice(base.length))) return directory;
  const containsWorkspace = top === real || top.startsWith(real === "/" ? real : `${real}/`);
  const isWorkingCopy = real.split("/").includes(".git") || (await files.info(join(real, ".git"))) !== undefined;
  if (!containsWorkspace && !isWorkingCopy) return directory;
  throw new Failure(
    "bento",
    `${path} is a link to ${real}, which is ${containsWorkspace ? "the workspace or above it" : "a Git working copy"}`,
    {
      code: "UnsafePath",
      hint: "Replace the link with the Bento or model itself. Links to other directories, such as on another disk, are allowed.",
    },
  );
}
