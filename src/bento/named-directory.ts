import { join } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { Enclosure } from "../machine/enclosure.ts";
import type { Machine } from "../machine/machine.ts";

/**
 * Encloses a directory that an input names, or one in a store that an input names. Links on the way belong to who names
 * it: big models often lie on another disk. But in the workspace a pull request may have made them, and then the checkout
 * itself, with the credentials in its `.git`, would be what goes into the image.
 * @param path absolute, as named.
 * @throws {Failure} bento/UnsafePath when links below the workspace lead to it, above it, or to a working copy.
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
  const holdsWorkspace = top === real || top.startsWith(real === "/" ? real : `${real}/`);
  const isWorkingCopy = real.split("/").includes(".git") || (await files.info(join(real, ".git"))) !== undefined;
  if (!holdsWorkspace && !isWorkingCopy) return directory;
  throw new Failure(
    "bento",
    `${path} leads over a link to ${real}, which is ${holdsWorkspace ? "the workspace or above it" : "a working copy of Git"}`,
    {
      code: "UnsafePath",
      hint: "Replace the link with the Bento or model itself; a link to a directory elsewhere, as on another disk, may stay.",
    },
  );
}
