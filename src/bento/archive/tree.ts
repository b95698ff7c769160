import { basename, dirname, join } from "node:path/posix";
import { pipeline } from "node:stream/promises";
import type { Files } from "../../machine/machine.ts";
import type { Limiter } from "./limits.ts";
import { type ExtractedEntry, MAX_PATH, resolveLink } from "./links.ts";
import { memberPath } from "./names.ts";
import { unsafe } from "./unsafe.ts";

const DIRECTORY_MODE = 0o755;
const FILE_MODE = 0o644;
const PROGRAM_MODE = 0o755;
/** Files up to this size, in bytes, are written in one piece. */
const SMALL = 1 << 16;

/**
 * The directory to which the members of an archive are written. It records all of its entries, so it does not depend on
 * the state of the disk: a member is written only below directories that the tree has created, never through a link. Modes
 * are 0755 and 0644; owners and times of the archive are ignored.
 */
export class ArchiveTree {
  readonly root: string;
  readonly #files: Files;
  readonly #limiter: Limiter;
  readonly #nameBytes: number;
  readonly #entries = new Map<string, ExtractedEntry>();

  /** @param root absolute path of an empty directory. */
  constructor(root: string, files: Files, limiter: Limiter, nameBytes: number) {
    this.root = root;
    this.#files = files;
    this.#limiter = limiter;
    this.#nameBytes = nameBytes;
  }

  async addDirectory(name: string): Promise<void> {
    const path = memberPath(name, this.#nameBytes);
    await this.#makeDirectories(path, name);
  }

  /**
   * Writes a file. The caller counts the content.
   * @param executable whether the member's mode has any x bit; @param content `size` bytes.
   */
  async addFile(name: string, executable: boolean, content: AsyncIterable<Uint8Array>, size: number): Promise<void> {
    const path = await this.#reserve(name, { kind: "file" });
    await this.#write(content, size, join(this.root, path), executable);
  }

  /** A symbolic link. `checkLinks` verifies that its target stays inside, after all members have been added. */
  async addLink(name: string, target: string): Promise<void> {
    if (Buffer.byteLength(target) >= MAX_PATH) throw unsafe(name, "is a link with a target that is too long");
    if (target === "" || target.startsWith("/") || target.includes("\0")) throw leadsOutside(name, target);
    if (target.includes("\ufffd")) throw unsafe(name, "is a link with a target that is not UTF-8");
    const path = await this.#reserve(name, { kind: "link", target });
    await this.#files.makeLink(target, join(this.root, path));
  }

  /** A hard link to an earlier file becomes a copy: the image does not need the link, and builders may not keep it. */
  async addHardLink(name: string, target: string): Promise<void> {
    const origin = target
      .split("/")
      .filter((part) => part !== "" && part !== ".")
      .join("/");
    if (target.startsWith("/") || this.#entries.get(origin)?.kind !== "file") {
      throw unsafe(name, `is a hard link to ${target}, which is not an earlier file of the archive`);
    }
    const path = await this.#reserve(name, { kind: "file" });
    if (path === origin) throw unsafe(name, "is a hard link to itself");
    const info = await this.#files.info(join(this.root, origin));
    const executable = ((info?.mode ?? 0) & 0o111) !== 0;
    const content = this.#limiter.meter(this.#files.source(join(this.root, origin)));
    await this.#write(content, info?.size ?? 0, join(this.root, path), executable);
  }

  /** The directories that contain a bento.yaml: the root (""), or all top-level directories that have one. */
  bentoDirectories(): readonly string[] {
    const manifests = [...this.#entries.keys()].filter((path) => basename(path) === "bento.yaml");
    if (manifests.includes("bento.yaml")) return [""];
    return manifests.map(dirname).filter((directory) => !directory.includes("/"));
  }

  /** Checks that every link below `directory` stays inside it. @throws {Failure} bento/UnsafePath, TooLarge. */
  checkLinks(directory: string): void {
    const at = (place: string): ExtractedEntry | undefined => {
      const entry = this.#entries.get(place);
      this.#limiter.spendLinkPath(place.length + (entry?.kind === "link" ? entry.target.length : 0));
      return entry;
    };
    for (const [path, entry] of this.#entries) {
      const inside = directory === "" || path.startsWith(`${directory}/`);
      if (entry.kind !== "link" || !inside) continue;
      if (resolveLink(path, directory, at) === "outside") throw leadsOutside(path, entry.target);
    }
  }

  at(path: string): ExtractedEntry | undefined {
    return this.#entries.get(path);
  }

  /** Prepares the path of a member that is not a directory. An earlier member of the same kind is replaced, as `tar` does. */
  async #reserve(name: string, entry: ExtractedEntry): Promise<string> {
    const path = memberPath(name, this.#nameBytes);
    if (path === "") throw unsafe(name, "is the archive's root but not a directory");
    if (dirname(path) !== ".") await this.#makeDirectories(dirname(path), name);
    const before = this.#entries.get(path);
    if (before !== undefined) {
      if (before.kind !== entry.kind) throw unsafe(name, `occurs twice, as ${before.kind} and as ${entry.kind}`);
      await this.#files.remove(join(this.root, path));
    }
    this.#limiter.spendEntry();
    this.#entries.set(path, entry);
    return path;
  }

  async #makeDirectories(path: string, name: string): Promise<void> {
    if (path === "" || path === ".") return;
    const existing = this.#entries.get(path);
    if (existing?.kind === "directory") return;
    if (existing?.kind === "link") throw unsafe(name, `would be written through the link ${path}`);
    if (existing !== undefined) throw unsafe(name, `is below ${path}, which is a file`);
    await this.#makeDirectories(dirname(path), name);
    this.#limiter.spendEntry();
    this.#entries.set(path, { kind: "directory" });
    await this.#files.makeDirectory(join(this.root, path), DIRECTORY_MODE);
  }

  async #write(content: AsyncIterable<Uint8Array>, size: number, path: string, executable: boolean): Promise<void> {
    const mode = executable ? PROGRAM_MODE : FILE_MODE;
    // For small files, which most archives consist of, a stream costs several times as much as a single write.
    if (size <= SMALL) return this.#files.write(path, Buffer.concat(await Array.fromAsync(content)), mode);
    await pipeline(content, this.#files.sink(path, { mode }));
    // The umask has been applied to the mode of the sink.
    await this.#files.setMode(path, mode);
  }
}

function leadsOutside(name: string, target: string): Error {
  return unsafe(name, `is a link to ${target}, which leads outside the Bento`);
}
