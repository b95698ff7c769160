/** Interfaces for untrusted directories: nothing outside them may be read through their links. */
import type { DirectoryEntry, FileInfo } from "./file-info.ts";

declare const enclosed: unique symbol;

/** A directory of a Bento or a model, as a plain value. Only {@link EnclosedFiles} creates it and reads its files. */
export interface Enclosure {
  readonly [enclosed]: "directory";
  /** Absolute, without links. For messages, and for builders, which read the directory themselves. */
  readonly path: string;
  /** The directory that its links must not leave: `path` or a parent. Absolute, without links. */
  readonly root: string;
}

/** A regular file of an enclosure, as a plain value that can be sent to a thread. Only {@link EnclosedFiles} opens it. */
export interface EnclosedFile {
  readonly [enclosed]: "file";
  readonly kind: "path";
  /** Absolute, without links. For messages. */
  readonly path: string;
}

/** The entry at a path. */
export type EnclosedEntry =
  | { readonly kind: "file"; readonly file: EnclosedFile; readonly info: FileInfo }
  | { readonly kind: "directory"; readonly directory: Enclosure }
  /** A pipe, a socket or a device. */
  | { readonly kind: "other" };

/** Reads files that have been found. Worker threads have these methods too. */
export interface EnclosedReading {
  /** The current metadata of the file's path, without following links; `undefined` when it does not exist. */
  info(file: EnclosedFile): Promise<FileInfo | undefined>;
  /** As `Files.pieces`. @throws Failure `bento`, code UnsafePath, when the file was replaced. */
  pieces(file: EnclosedFile): AsyncIterable<Uint8Array>;
}

/**
 * The only access to the files of Bentos and models. An opened file is checked by its descriptor, not by its path: it must
 * be a regular file or a directory at exactly the path where it was found, without links in the path. So another process
 * cannot redirect a read by changing the directory. The check uses `/proc`; on a machine without it, the path is checked
 * again after the opening, which leaves a small race.
 *
 * Hard links are treated as separate files. Linux only lets users create one to a file that they may write
 * (`fs.protected_hardlinks`).
 */
export interface EnclosedFiles extends EnclosedReading {
  /**
   * Encloses a directory. Links in its own path are followed, because the user has chosen the path. If it does not exist,
   * no entries are found in it.
   */
  enclose(directory: string): Promise<Enclosure>;
  /**
   * The entry at a path in the directory, with links followed; `undefined` when it does not exist.
   * @throws Failure `bento`, code UnsafePath, when the path leads outside the enclosure.
   */
  find(directory: Enclosure, path: string): Promise<EnclosedEntry | undefined>;
  /**
   * The directory's entries sorted by name (UTF-16 code units), links not followed.
   * @throws Failure `bento`, code NameNotUtf8; code UnsafePath, when the directory was replaced.
   */
  list(directory: Enclosure): Promise<readonly DirectoryEntry[]>;
  /** A listed entry of the directory; `undefined` when it is a link or no longer exists. */
  entry(directory: Enclosure, name: string): Promise<EnclosedEntry | undefined>;
  /** The target of a listed link, as text. @throws Failure `bento`, code NameNotUtf8. */
  readLink(directory: Enclosure, name: string): Promise<string>;
  /** At most `length` bytes of the file from the byte `start` on. @throws Failure as `pieces`. */
  read(file: EnclosedFile, start: number, length: number): Promise<Uint8Array>;
}
