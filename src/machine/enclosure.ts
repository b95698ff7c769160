/** Directories whose author is trusted with what is in them and with nothing else of the machine. Interfaces only. */
import type { DirectoryEntry, FileInfo } from "./file-info.ts";

declare const enclosed: unique symbol;

/** A directory of a Bento or of a model. A value: only {@link EnclosedFiles} makes one, and only that reads in it. */
export interface Enclosure {
  readonly [enclosed]: "directory";
  /** Absolute, without links. For messages, and for a builder, which reads the directory by itself. */
  readonly path: string;
  /** What its links may not leave: `path` or a directory above it. Absolute, without links. */
  readonly root: string;
}

/** A regular file of an enclosure. A value, so that it can cross to a thread; only {@link EnclosedFiles} opens it. */
export interface EnclosedFile {
  readonly [enclosed]: "file";
  readonly kind: "path";
  /** Absolute, without links. For messages. */
  readonly path: string;
}

/** What lies at a path. */
export type EnclosedEntry =
  | { readonly kind: "file"; readonly file: EnclosedFile; readonly info: FileInfo }
  | { readonly kind: "directory"; readonly directory: Enclosure }
  /** A pipe, a socket or a device. */
  | { readonly kind: "other" };

/** What a thread needs to read files that were found. */
export interface EnclosedReading {
  /** What is at the file's path now, links not followed; `undefined` when nothing is. */
  info(file: EnclosedFile): Promise<FileInfo | undefined>;
  /** As `Files.pieces`. @throws Failure `bento`, code UnsafePath, when it is not where it was found. */
  pieces(file: EnclosedFile): AsyncIterable<Uint8Array>;
}

/**
 * The one way to the files of Bentos and models. What is opened is checked by its descriptor, not by its path before:
 * it is a regular file, or a directory, at the very place where it was found, with no link on the way. So it makes no
 * difference what another process does to the directory meanwhile. That takes `/proc`; on a machine without it the path
 * is looked at once more after the opening, which someone very quick could deceive.
 *
 * A hard link is a file of its own and not seen to lead out; Linux lets nobody make one to a file that they may not write
 * (`fs.protected_hardlinks`).
 */
export interface EnclosedFiles extends EnclosedReading {
  /**
   * Encloses a directory. Links on the way to it are followed, for they belong to whoever names it. Nothing can be found
   * in one that is not there.
   */
  enclose(directory: string): Promise<Enclosure>;
  /**
   * What a path in the directory means, links followed; `undefined` when there is nothing.
   * @throws Failure `bento`, code UnsafePath, when it leads out of the enclosure.
   */
  find(directory: Enclosure, path: string): Promise<EnclosedEntry | undefined>;
  /**
   * The directory's entries sorted by name (UTF-16 code units), links not followed.
   * @throws Failure `bento`, code NameNotUtf8; code UnsafePath, when it is not where it was found.
   */
  list(directory: Enclosure): Promise<readonly DirectoryEntry[]>;
  /** What an entry of the directory's list is, when it is no link; `undefined` when it is one, or gone. */
  entry(directory: Enclosure, name: string): Promise<EnclosedEntry | undefined>;
  /** The text of a link that the directory lists. @throws Failure `bento`, code NameNotUtf8. */
  readLink(directory: Enclosure, name: string): Promise<string>;
  /** At most `length` bytes of the file from the byte `start` on. @throws Failure as `pieces`. */
  read(file: EnclosedFile, start: number, length: number): Promise<Uint8Array>;
}
