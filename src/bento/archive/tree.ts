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
/** Bytes of a file that is written in one piece. */
const SMALL = 1 << 16;

/**
 * A directory that grows from the members of an archive and never beyond itself. It knows everything it holds, so it
 * needs not trust the disk: a member goes only below directories that the tree made, never through a link. Modes are
 * 0755 and 0644; owners and times of the archive are dropped.
 */
export class ArchiveTree {
  readonly root: string;
  readonly #files: Files;
  readonly #limiter: Limiter;
  readonly #nameBytes: number;
  readonly #growth = new Map<string, ExtractedEntry>();

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
   * Writes the content, counted by whoever gives it.
   * @param executable any x bit of the member's mode; @param content `size` bytes.
   */
  async addFile(name: string, executable: boolean, content: AsyncIterable<Uint8Array>, size: number): Promise<void> {
    const path = await this.#reserve(name, { kind: "file" });
    await this.#write(content, size, join(this.root, path), executable);
  }

  /** A symbolic link. That its target stays inside is checked by `finish`, when all that it may pass through is there. */
  async addLink(name: string, target: string): Promise<void> {
    if (Buffer.byteLength(target) >= MAX_PATH) throw unsafe(name, "is a link with an endless target");
    if (target === "" || target.startsWith("/") || target.includes("\0")) throw leaving(name, target);
    if (target.includes("\ufffd")) throw unsafe(name, "is a link with a target that is not UTF-8");
    const path = await this.#reserve(name, { kind: "link", target });
    await this.#files.makeLink(target, join(this.root, path));
  }

  /** A hard link to an earlier file becomes a copy: the image has no use for the link, and no builder promises to keep it. */
  async addHardLink(name: string, target: string): Promise<void> {
    const origin = target
      .split("/")
      .filter((part) => part !== "" && part !== ".")
      .join("/");
    if (target.startsWith("/") || this.#growth.get(origin)?.kind !== "file") {
      throw unsafe(name, `is a hard link to ${target}, which is no earlier file of the archive`);
    }
    const path = await this.#reserve(name, { kind: "file" });
    if (path === origin) throw unsafe(name, "is a hard link to itself");
    const info = await this.#files.info(join(this.root, origin));
    const executable = ((info?.mode ?? 0) & 0o111) !== 0;
    const content = this.#limiter.meter(this.#files.source(join(this.root, origin)));
    await this.#write(content, info?.size ?? 0, join(this.root, path), executable);
  }

  /** Where the bento.yaml lies: the root, or the only directory at the top that has one. "" stands for the root. */
  bentoDirectories(): readonly string[] {
    const manifests = [...this.#growth.keys()].filter((path) => basename(path) === "bento.yaml");
    if (manifests.includes("bento.yaml")) return [""];
    return manifests.map(dirname).filter((directory) => !directory.includes("/"));
  }

  /** Checks that every link below `directory` stays inside it. @throws {Failure} bento/UnsafePath, TooLarge. */
  checkLinks(directory: string): void {
    const at = (place: string): ExtractedEntry | undefined => {
      const growth = this.#growth.get(place);
      this.#limiter.spendLinkPath(place.length + (growth?.kind === "link" ? growth.target.length : 0));
      return growth;
    };
    for (const [path, growth] of this.#growth) {
      const inside = directory === "" || path.startsWith(`${directory}/`);
      if (growth.kind !== "link" || !inside) continue;
      if (resolveLink(path, directory, at) === "outside") throw leaving(path, growth.target);
    }
  }

  at(path: string): ExtractedEntry | undefined {
    return this.#growth.get(path);
  }

  /** Makes room for a member that is no directory. One of the same kind is replaced, as `tar` does with an updated archive. */
  async #reserve(name: string, growth: ExtractedEntry): Promise<string> {
    const path = memberPath(name, this.#nameBytes);
    if (path === "") throw unsafe(name, "stands for the archive's root and is no directory");
    if (dirname(path) !== ".") await this.#makeDirectories(dirname(path), name);
    const before = this.#growth.get(path);
    if (before !== undefined) {
      if (before.kind !== growth.kind) throw unsafe(name, `comes twice, as ${before.kind} and as ${growth.kind}`);
      await this.#files.remove(join(this.root, path));
    }
    this.#limiter.spendEntry();
    this.#growth.set(path, growth);
    return path;
  }

  async #makeDirectories(path: string, name: string): Promise<void> {
    if (path === "" || path === ".") return;
    const known = this.#growth.get(path);
    if (known?.kind === "directory") return;
    if (known?.kind === "link") throw unsafe(name, `would be written through the link ${path}`);
    if (known !== undefined) throw unsafe(name, `lies below ${path}, which is a file`);
    await this.#makeDirectories(dirname(path), name);
    this.#limiter.spendEntry();
    this.#growth.set(path, { kind: "directory" });
    await this.#files.makeDirectory(join(this.root, path), DIRECTORY_MODE);
  }

  async #write(content: AsyncIterable<Uint8Array>, size: number, path: string, executable: boolean): Promise<void> {
    const mode = executable ? PROGRAM_MODE : FILE_MODE;
    // A stream of its own costs several times what writing a small file does, and archives are mostly small files.
    if (size <= SMALL) return this.#files.write(path, Buffer.concat(await Array.fromAsync(content)), mode);
    await pipeline(content, this.#files.sink(path, { mode }));
    // The sink's mode went through the umask.
    await this.#files.setMode(path, mode);
  }
}

function leaving(name: string, target: string): Error {
  return unsafe(name, `is a link to ${target}, which leaves the Bento`);
}
