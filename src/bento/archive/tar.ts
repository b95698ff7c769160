import type { Parser, ReadEntry } from "tar";
import { Failure } from "../../errors.ts";
import type { ArchiveTree } from "./tree.ts";
import { unsafe } from "./unsafe.ts";

const IRREGULAR = new Set<string>(["CharacterDevice", "BlockDevice", "FIFO"]);
const FILES = new Set<string>(["File", "OldFile", "ContiguousFile"]);
/** A tar ends with two blocks of zeros (POSIX pax, "ustar Interchange Format"). */
const END_LENGTH = 1024;

/** What takes the members of an archive, one after the other. */
export type MemberSink = Pick<ArchiveTree, "addFile" | "addDirectory" | "addLink" | "addHardLink">;

/**
 * Unpacks the bytes of a tar (ustar, pax, GNU) into the tree, member by member. When it rejects nothing is being written
 * any more.
 * @throws {Failure} bento/UnsafePath, TooLarge; node-tar's own errors when the archive is damaged.
 */
export async function unpackTar(bytes: AsyncIterable<Uint8Array>, tree: MemberSink): Promise<void> {
  const { Parser } = await import("tar/parse");
  // Strict: a bad check sum or a body that ends early is an error and no warning. Ratios are the tree's business.
  const parser = new Parser({ strict: true, maxDecompressionRatio: Number.POSITIVE_INFINITY });
  const unpacking = new Unpacking(parser, tree);
  try {
    let end: Uint8Array = new Uint8Array();
    for await (const chunk of bytes) {
      await unpacking.feed(chunk);
      end = Buffer.concat([end, chunk.subarray(-END_LENGTH)]).subarray(-END_LENGTH);
    }
    await unpacking.finish();
    // node-tar skips what follows the end, and does not miss one that was cut off between two members.
    if (end.some((byte) => byte !== 0)) throw new Error("it does not end where its last member ends");
  } catch (error) {
    await unpacking.stop(error);
    throw error;
  }
}

/** node-tar's parser, made to wait for the disk and to stop at the first mistake. */
class Unpacking {
  readonly #parser: Parser;
  readonly #ended: Promise<void>;
  #work: Promise<unknown> = Promise.resolve();
  #current: ReadEntry | undefined;
  #failure: { readonly error: unknown } | undefined;
  #wake = (): void => undefined;

  constructor(parser: Parser, tree: MemberSink) {
    this.#parser = parser;
    parser.on("error", (error: unknown) => this.#fail(error));
    parser.on("drain", () => this.#wake());
    this.#ended = new Promise((resolve) => void parser.on("end", resolve));
    // A member is handed out when the one before has been read, which is before that one is written: hence the queue.
    parser.on("entry", (entry: ReadEntry) => {
      this.#work = this.#work.then(() => this.#add(entry, tree));
      this.#work.catch((error: unknown) => this.#fail(error));
    });
  }

  async feed(chunk: Uint8Array): Promise<void> {
    if (!this.#parser.write(chunk) && this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async finish(): Promise<void> {
    this.#parser.end();
    await Promise.race([this.#ended, new Promise<void>((resolve) => this.#onFailure(resolve))]);
    if (this.#failure !== undefined) throw this.#failure.error;
    await this.#work;
  }

  /** Resolves when the member that was being written has let go of its file. */
  async stop(error: unknown): Promise<void> {
    this.#fail(error);
    this.#current?.destroy(error instanceof Error ? error : new Error(String(error)));
    await this.#work.catch(() => undefined);
  }

  async #add(entry: ReadEntry, tree: MemberSink): Promise<void> {
    if (this.#failure !== undefined) return;
    this.#current = entry;
    await addMember(entry, tree);
    this.#current = undefined;
    entry.resume();
  }

  #onFailure(resolve: () => void): void {
    this.#wake = resolve;
    if (this.#failure !== undefined) resolve();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }
}

async function addMember(entry: ReadEntry, tree: MemberSink): Promise<void> {
  const { path, type } = entry;
  if (FILES.has(type)) {
    await tree.addFile(path, ((entry.mode ?? 0) & 0o111) !== 0, entry);
  } else if (type === "Directory" || type === "GNUDumpDir") {
    await tree.addDirectory(path);
  } else if (type === "SymbolicLink") {
    await tree.addLink(path, entry.linkpath ?? "");
  } else if (type === "Link") {
    await tree.addHardLink(path, entry.linkpath ?? "");
  } else if (IRREGULAR.has(type)) {
    throw unsafe(path, "is no file, directory or link");
  } else {
    throw new Failure("bento", `The archive's member ${path} is of the type ${type}, which is not supported`, {
      code: "ArchiveCorrupt",
    });
  }
}
