import { resolve } from "node:path";
import { errorCode, Failure } from "../errors.ts";
import type { FileKind } from "../machine/file-info.ts";
import type { Machine } from "../machine/machine.ts";
import type { Inputs } from "./schema.ts";

type InputMachine = Pick<Machine, "files" | "workspace">;

/** What an input's path means: a file that can be read, or why it is none, in words that follow the input's name. */
export type InputFile = { readonly path: string } | { readonly fault: string };

/** Where the kernel shows itself, and this process with its environment. Files in memory are files. */
const KERNEL = /^\/(?:proc|sys|dev(?!\/shm\/))(?:\/|$)/;

/**
 * Looks up the file that an input names, from the workspace. Links are followed to wherever the workflow's author may have
 * files: not to the kernel's, as a pull request may have made the link.
 */
export async function lookUpInputFile(given: string, { files, workspace }: InputMachine): Promise<InputFile> {
  const path = resolve(workspace, given);
  try {
    const real = await files.realPath(path);
    const kind = (await files.info(real))?.kind;
    if (kind === "directory") return { fault: `${path} is a directory, and a file is wanted` };
    if (kind !== "file") return { fault: `${path} is a device, pipe or socket, and a file is wanted` };
    if (KERNEL.test(real)) return { fault: `${path} leads to ${real}, and a file on disk is wanted` };
    await files.readHead(real, 1);
    return { path };
  } catch (error) {
    const code = errorCode(error);
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
  machine: InputMachine,
  details: { readonly code?: string; readonly hint?: string } = {},
): Promise<string> {
  const found = await lookUpInputFile(given, machine);
  if ("path" in found) return found.path;
  throw new Failure("input", `${input}: ${found.fault}`, details);
}

/**
 * Looks at the directories that inputs name, before anything is built.
 * @throws Failure `input` that names every input whose path is something else.
 */
export async function checkInputDirectories(
  { buildContexts, digestFile }: Pick<Inputs, "buildContexts" | "digestFile">,
  machine: InputMachine,
): Promise<void> {
  const contexts = Object.values(buildContexts).filter((address) => !address.includes("://"));
  const wanted = [
    ...contexts.map((path) => ({ input: "build-contexts", path, mayBeMissing: false })),
    ...(digestFile === undefined ? [] : [{ input: "digest-file", path: digestFile, mayBeMissing: true }]),
  ];
  const faults: string[] = [];
  for (const { input, path, mayBeMissing } of wanted) {
    const kind = await kindAt(resolve(machine.workspace, path), machine);
    if (kind === "directory" || (kind === undefined && mayBeMissing)) continue;
    const fault = kind === undefined ? "there is no directory" : "this is no directory:";
    faults.push(`${input}: ${fault} ${resolve(machine.workspace, path)}`);
  }
  if (faults.length > 0) throw new Failure("input", faults.join(" · "), { lines: faults });
}

/** Of what a path leads to; undefined when that is nothing, or the kernel's. */
async function kindAt(path: string, { files }: InputMachine): Promise<FileKind | undefined> {
  const real = await files.realPath(path).catch(() => undefined);
  return real === undefined || KERNEL.test(real) ? undefined : (await files.info(real))?.kind;
}
