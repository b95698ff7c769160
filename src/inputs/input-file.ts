import { resolve } from "node:path";
import { errorCode, Failure } from "../errors.ts";
import type { FileKind } from "../machine/file-info.ts";
import type { Machine } from "../machine/machine.ts";
import type { Inputs } from "./schema.ts";

type InputMachine = Pick<Machine, "files" | "workspace">;

/** What an input's path leads to: a readable file, or the reason why it is not one, as text to follow the input's name. */
export type InputFile = { readonly path: string } | { readonly fault: string };

/** The kernel's file systems, which also expose this process and its environment. Files in /dev/shm are ordinary files. */
const KERNEL = /^\/(?:proc|sys|dev(?!\/shm\/))(?:\/|$)/;

/**
 * Looks up the file that an input names, relative to the workspace. Symbolic links are followed anywhere but into the
 * kernel's file systems, because a pull request may have created the link.
 */
export async function lookUpInputFile(given: string, { files, workspace }: InputMachine): Promise<InputFile> {
  const path = resolve(workspace, given);
  try {
    const real = await files.realPath(path);
    const kind = (await files.info(real))?.kind;
    if (kind === "directory") return { fault: `${path} is a directory, not a file` };
    if (kind !== "file") return { fault: `${path} is a device, pipe or socket, not a file` };
    if (KERNEL.test(real)) return { fault: `${path} is a link to ${real}, which is not a file on disk` };
    await files.readHead(real, 1);
    return { path };
  } catch (error) {
    const code = errorCode(error);
    if (["ENOENT", "ENOTDIR"].includes(code)) return { fault: `${path} does not exist` };
    return { fault: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/**
 * Absolute path of the file that an input names.
 * @param details code and hint of the failure.
 * @throws Failure `input` that names the input, if it does not lead to a readable file.
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
 * Checks the directories that inputs name, before anything is built.
 * @throws Failure `input` that names every input whose path is not a directory.
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
    const fault = kind === undefined ? "does not exist" : "is not a directory";
    faults.push(`${input}: ${resolve(machine.workspace, path)} ${fault}`);
  }
  if (faults.length > 0) throw new Failure("input", faults.join(" · "), { lines: faults });
}

/** The kind of file that a path leads to; undefined when there is none, or when it is in a kernel file system. */
async function kindAt(path: string, { files }: InputMachine): Promise<FileKind | undefined> {
  const real = await files.realPath(path).catch(() => undefined);
  return real === undefined || KERNEL.test(real) ? undefined : (await files.info(real))?.kind;
}
