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

/** Limit in bytes for all programs of an archive; nerdctl-full has some 600 MB. */
const MAX_BYTES = 4_000_000_000;
const NAME_BYTES = 4096;

/**
 * Extracts an asset's programs (mode 0755) into an empty directory, and checks that each is for this machine. Links and other
 * files are skipped.
 * @param file absolute path of the asset, whose checksum was verified.
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
      ? await moveProgram(layout.program, file, directory, machine)
      : await extractFolders(asset, layout.folders, file, directory, machine);
  if (!programs.includes(join(path, program))) {
    throw new Failure("tool", `${asset.file} does not contain ${join(path, program)}`, {
      code: "ProgramMissing",
      hint: "The release has another layout than earlier ones; use a version that this action knows.",
    });
  }
  for (const name of programs) {
    await checkArchitecture(join(directory, name), `${name} of ${asset.file}`, asset.architecture, machine.files);
  }
  return programs;
}

async function moveProgram(name: string, file: string, directory: string, { files }: UnpackMachine) {
  await files.rename(file, join(directory, name));
  await files.setMode(join(directory, name), 0o755);
  return [name];
}

async function extractFolders(
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

/** Extracts the programs directly in some folders of an archive. */
class Programs implements MemberSink {
  readonly names: string[] = [];
  readonly #folders: readonly string[];
  readonly #directory: string;
  readonly #files: Files;
  #remaining = MAX_BYTES;

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
    // Fails if the file exists: no archive of programs has a member twice.
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
      this.#remaining -= chunk.length;
      if (this.#remaining < 0) throw new Error(`it unpacks to more than ${MAX_BYTES} bytes`);
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
