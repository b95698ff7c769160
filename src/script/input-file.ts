import { resolve } from "node:path";
import { Failure } from "../errors.ts";
import type { World } from "../world/world.ts";

type InputWorld = Pick<World, "files" | "workspace">;

/** What an input's path means: a file that can be read, or why it is none, in words that follow the input's name. */
export type InputFile = { readonly path: string } | { readonly fault: string };

/** Looks up the file that an input names, from the workspace. Links are followed: they belong to the workflow's author. */
export async function lookUpInputFile(given: string, { files, workspace }: InputWorld): Promise<InputFile> {
  const path = resolve(workspace, given);
  try {
    const real = await files.realPath(path);
    const kind = (await files.info(real))?.kind;
    if (kind === "directory") return { fault: `${path} is a directory, and a file is wanted` };
    if (kind !== "file") return { fault: `${path} is a device, pipe or socket, and a file is wanted` };
    await files.readHead(real, 1);
    return { path };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (["ENOENT", "ENOTDIR"].includes(code)) return { fault: `there is no file ${path}` };
    return { fault: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/**
 * Absolute path of the file that an input names.
 * @param details what to add to the failure.
 * @throws Failure `input` that names the input, when there is no file that can be read.
 */
export async function findInputFile(
  input: string,
  given: string,
  world: InputWorld,
  details: { readonly code?: string; readonly hint?: string } = {},
): Promise<string> {
  const found = await lookUpInputFile(given, world);
  if ("path" in found) return found.path;
  throw new Failure("input", `${input}: ${found.fault}`, details);
}
