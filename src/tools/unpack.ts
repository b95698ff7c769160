import { dirname, join } from "node:path/posix";
import { pipeline } from "node:stream/promises";
import { gunzip } from "../bento/archive/decompress.ts";
import { memberPath } from "../bento/archive/names.ts";
import { type MemberSink, unpackTar } from "../bento/archive/tar.ts";
import { asFailure, Failure } from "../errors.ts";
import type { Files, Machine } from "../machine/machine.ts";
import { RELEASES } from "./catalogue.ts";
import type { Asset } from "./choose.ts";
import { checkArchitecture } from "./elf.ts";

type UnpackMachine = Pick<Machine, "files">;

/** Bytes of all programs together; a nerdctl-full has some 600 MB. */
const MOST_BYTES = 4_000_000_000;
const NAME_BYTES = 4096;

/**
 * Puts an asset's programs, mode 0755, below an empty directory, and looks at each whether it is for this machine.
 * Links and everything that is no program are left out.
 * @param file the asset, absolute, already checked.
 * @returns the programs' paths below `directory`.
 * @throws Failure `tool`: ArchiveCorrupt, UnsafePath, WrongArchitecture, ProgramMissing; disk.
 */
export async function unpackPrograms(
  asset: Asset,
  file: string,
  directory: string,
  machine: UnpackMachine,
): Promise<readonly string[]> {
  const { layout, path, program } = RELEASES[asset.tool];
  const programs =
    "program" in layout
      ? await takeProgram(layout.program, file, directory, machine)
      : await takeFolders(asset, layout.folders, file, directory, machine);
  if (!programs.includes(join(path, program))) {
    throw new Failure("tool", `${asset.file} holds no ${join(path, program)}`, {
      code: "ProgramMissing",
      hint: "The release is laid out in another way than those before it; pick a version that this action knows.",
    });
  }
  for (const name of programs) {
    await checkArchitecture(join(directory, name), `${name} of ${asset.file}`, asset.architecture, machine.files);
  }
  return programs;
}

async function takeProgram(name: string, file: string, directory: string, { files }: UnpackMachine) {
  await files.rename(file, join(directory, name));
  await files.setMode(join(directory, name), 0o755);
  return [name];
}

async function takeFolders(
  asset: Asset,
  folders: readonly string[],
  file: string,
  directory: string,
  { files }: UnpackMachine,
): Promise<readonly string[]> {
  const programs = new Programs(folders, directory, files);
  const source = files.source(file);
  try {
    await unpackTar(await gunzip(source), programs);
  } catch (error) {
    throw explain(error, asset);
  } finally {
    source.destroy();
  }
  return programs.names;
}

/** Takes of an archive the programs that lie directly in some folders. */
class Programs implements MemberSink {
  readonly names: string[] = [];
  readonly #folders: readonly string[];
  readonly #directory: string;
  readonly #files: Files;
  #room = MOST_BYTES;

  constructor(folders: readonly string[], directory: string, files: Files) {
    this.#folders = folders.map((folder) => folder || ".");
    this.#directory = directory;
    this.#files = files;
  }

  async addFile(name: string, executable: boolean, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = memberPath(name, NAME_BYTES);
    if (!executable || !this.#folders.includes(dirname(path))) return;
    const target = join(this.#directory, path);
    await this.#files.makeDirectory(dirname(target), 0o755);
    // Fails when the file is there: no archive of programs has a member twice.
    await pipeline(this.#meter(content), this.#files.sink(target, { mode: 0o755 }));
    await this.#files.setMode(target, 0o755);
    this.names.push(path);
  }

  async addDirectory(): Promise<void> {
    return;
  }

  async addLink(): Promise<void> {
    return;
  }

  async addHardLink(): Promise<void> {
    return;
  }

  async *#meter(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      this.#room -= chunk.length;
      if (this.#room < 0) throw new Error(`it unpacks to more than ${MOST_BYTES} bytes`);
      yield chunk;
    }
  }
}

function explain(error: unknown, { file }: Asset): Failure {
  if (error instanceof Failure && error.class !== "bento") return error;
  const failure = asFailure(error);
  if (failure.class === "disk") return failure;
  const code = failure.code === "UnsafePath" ? "UnsafePath" : "ArchiveCorrupt";
  return new Failure("tool", `${file} cannot be unpacked: ${failure.message}`, { code, cause: error });
}
