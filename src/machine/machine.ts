/** The machine as the rest of the code sees it: interfaces only. Real adapters sit beside this file, fakes in test/fakes. */
import type { Readable, Writable } from "node:stream";
import type { EnclosedFiles } from "./enclosure.ts";
import type { DirectoryEntry, FileInfo } from "./file-info.ts";

export type Env = Readonly<Record<string, string | undefined>>;

export interface Machine {
  readonly env: Env;
  /** Where relative paths of the inputs start: GITHUB_WORKSPACE or the working directory. Absolute. */
  readonly workspace: string;
  /** The machine's architecture in Node's words: `x64`, `arm64`. */
  readonly architecture: string;
  readonly files: Files;
  readonly processes: Processes;
  readonly workers: Workers;
  readonly http: Http;
  readonly actions: Actions;
  /**
   * Sends the input through the program and gives what it writes, as it is asked for. The program ends when
   * its reader stops, and at once by the machine's signal. Rejects with an Error that says what it complained of.
   */
  filter(invocation: Pick<Invocation, "tool" | "args" | "env">, input: Readable): AsyncIterable<Uint8Array>;
  /** Loaded when it is asked for, as few runs do. */
  toolCache(): Promise<ToolCache>;
  /** The same. */
  system(): Promise<System>;
  /** Aborted by SIGINT or SIGTERM; everything that waits listens to it. */
  readonly signal: AbortSignal;
  now(): Date;
  /** Aborts `signal` when the time is over. */
  cancelAfter(milliseconds: number): void;
}

/** Every path is absolute. Methods reject with Node's own errors (ENOENT, EACCES, ENOSPC, …) unless they say otherwise. */
export interface Files {
  /** The files of Bentos and models, which no other method may read: their authors are not trusted with links. */
  readonly enclosed: EnclosedFiles;
  /** Like lstat: a link is not followed. `undefined` when there is nothing at the path. */
  info(path: string): Promise<FileInfo | undefined>;
  /** Directory entries sorted by name (UTF-16 code units), links not followed. */
  list(path: string): Promise<readonly DirectoryEntry[]>;
  readBytes(path: string): Promise<Uint8Array>;
  readText(path: string): Promise<string>;
  /** At most `length` bytes from the file's start. */
  readHead(path: string, length: number): Promise<Uint8Array>;
  readLink(path: string): Promise<string>;
  realPath(path: string): Promise<string>;
  /** Bytes `start` to `end` inclusive, as Node counts them; the whole file without them. */
  source(path: string, range?: { readonly start?: number; readonly end?: number }): Readable;
  /**
   * The file's bytes in pieces of up to 1 MiB. A piece is valid until the next one is asked for: one buffer serves them
   * all, so that gigabytes pass through flat memory.
   */
  pieces(path: string): AsyncIterable<Uint8Array>;
  /** Fails with EEXIST when the file is there, unless `append`. */
  sink(path: string, options: { readonly mode: number; readonly append?: boolean }): Writable;
  /** Creates or replaces; the mode is exact, whatever the umask. */
  write(path: string, content: string | Uint8Array, mode: number): Promise<void>;
  /** Creates missing parents too. The mode is that of a new directory, whatever the umask; one that is there keeps its own. */
  makeDirectory(path: string, mode: number): Promise<void>;
  makeLink(target: string, path: string): Promise<void>;
  setMode(path: string, mode: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or a whole tree; nothing there is fine. */
  remove(path: string): Promise<void>;
  /** Removes a directory that holds nothing; another, or nothing there, is fine and stays. */
  removeEmpty(path: string): Promise<void>;
  /**
   * A private directory (0700) of this run below RUNNER_TEMP, removed when the run ends, however it ends. There is no comma
   * in its path: where RUNNER_TEMP has one, it lies in the system's directory for temporary files.
   */
  scratch(): Promise<string>;
  /** A directory (0755) of this run below RUNNER_TEMP that later steps may read; the runner removes it with the job. */
  kept(): Promise<string>;
}

export interface Invocation {
  /** A program name found through PATH, or an absolute path. */
  readonly tool: string;
  readonly args: readonly string[];
  /** The child's whole environment; the machine's own when left out. */
  readonly env?: Env;
  readonly cwd?: string;
  readonly stdin?: string;
  /** Ends the program earlier than the machine's own signal would. */
  readonly signal?: AbortSignal;
}

export interface Captured {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Exit {
  /** `undefined` when a signal ended the child. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** The last lines of both streams, oldest first, bounded. */
  readonly tail: readonly string[];
}

export interface Processes {
  /** For helpers that answer at once, such as credential programs; a cancel of the run does not end them. */
  ask(invocation: Invocation): Promise<Captured>;
  /** Absolute path of the program in `path`, or in the machine's own PATH; `undefined` when it is not there. */
  which(tool: string, path?: string): Promise<string | undefined>;
  /** For short questions: runs to the end and gives everything printed. Rejects when the program cannot be started (`tool`), and when the signal ends it (`cancelled`). */
  capture(invocation: Invocation): Promise<Captured>;
  /** For builds: every line goes to `onLine` as it comes. The child has its own process group; the machine's signal ends the group. */
  stream(invocation: Invocation, onLine: (line: string) => void): Promise<Exit>;
}

/** A process that cannot be mistaken for a later one with the same number. */
export interface LiveProcess {
  readonly pid: number;
  /** Clock ticks between the machine's boot and its start, field 22 of proc_pid_stat(5). */
  readonly started: string;
}

/** What outlives the action's own process, and how it is found again. Linux only; elsewhere nothing is found. */
export interface System {
  /** The user who runs this; root is 0. */
  user(): { readonly id: number; readonly name: string };
  /** This very process. */
  self(): Promise<LiveProcess>;
  /** The words that run the post step of this action, for somebody who has other rights than this process. */
  postStep(): readonly [string, string];
  /**
   * Starts a program that lives on when this process ends: its own session, input empty, both outputs appended to the
   * file `log` (0600). Rejects with Failure `tool` when it cannot be started.
   */
  launch(invocation: Pick<Invocation, "tool" | "args" | "env" | "cwd">, log: string): Promise<LiveProcess>;
  /** False for a process that has ended, is a zombie, or has only the number of the one that is meant. */
  isAlive(process: LiveProcess): Promise<boolean>;
  /**
   * Processes of this user whose environment holds `name=value`, and all that they started, and so on; the youngest
   * first. What others write into the environments of their own processes counts for nothing.
   */
  marked(name: string, value: string): Promise<readonly LiveProcess[]>;
  /** Values of the variable in the environments of this user's processes that see the same files as this one. */
  marks(name: string): Promise<readonly string[]>;
  /**
   * Values of `name=value` among the arguments of processes of root's and this user's, and of this user's that have
   * root's rights, as sudo does: only root may read their environment.
   */
  rootsArguments(name: string): Promise<readonly string[]>;
  /** Processes whose root file system lies below one of the directories: containers that their runtime left behind. */
  rootedBelow(directories: readonly string[]): Promise<readonly LiveProcess[]>;
  /** Does nothing when the process is not alive. `group` sends it to its whole process group. */
  signal(process: LiveProcess, signal: "SIGTERM" | "SIGKILL", group?: "group"): Promise<void>;
  /** Mount points below the directory, the deepest first. */
  mountsBelow(directory: string): Promise<readonly string[]>;
  /** Whether somebody listens at the Unix socket. */
  listens(socket: string): Promise<boolean>;
  /**
   * Whether that is a directory, and no link to one, of this user or of the one named, in which and in whose place
   * nobody else may put anything, or read.
   */
  isPrivate(directory: string, owner?: number): Promise<boolean>;
  /**
   * The text of a file that nobody but this user, or the user named, can have written. The directory and the file are
   * opened without following a link, looked at, and read by the same descriptors: nothing that happens to their names
   * meanwhile changes what is read.
   */
  readPrivate(directory: string, name: string, owner?: number): PrivateText;
}

export type PrivateText =
  | { readonly kind: "text"; readonly text: string }
  /** There is no such directory. */
  | { readonly kind: "absent" }
  /** The directory has no such file. */
  | { readonly kind: "empty" }
  /** Others may have written it; `why` is about the one or the other. */
  | { readonly kind: "foreign"; readonly why: string };

/** The runner's cache of installed programs, kept between jobs where the runner lives longer than one. */
export interface ToolCache {
  /** Absolute path of the tool's directory; undefined when it is not there. `architecture` in Node's words. */
  find(tool: string, version: string, architecture: string): Promise<string | undefined>;
  /**
   * Copies the directory into the cache, where it appears whole or not at all; gives its path there. What is there stays
   * when `isSound` says so, and else gives way; runs that do the same at the same time do not disturb each other.
   */
  add(
    directory: string,
    tool: string,
    version: string,
    architecture: string,
    isSound: (there: string) => Promise<boolean>,
  ): Promise<string>;
}

/** Threads for work that would keep this one busy. */
export interface Workers {
  /** How many jobs run at the same time; others wait for their turn. */
  readonly width: number;
  /**
   * Performs a job, a value that `src/worker.ts` understands, in a thread with real files. Rejects with the error of the
   * job as it was thrown, and with Failure `cancelled` when the machine's signal ends it.
   */
  run(job: unknown): Promise<unknown>;
}

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * A stream needs an exact `content-length` header; one that gives more or less is an error. It is sent once; a retry
   * needs a new request. Each piece is with the kernel before the next is asked for, so one buffer may serve them all;
   * the stream is ended (`return()`) when the request ends before it.
   */
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Milliseconds without a byte in either direction; 30,000 when left out. */
  readonly idleTimeout?: number;
  /** Ends the request; the machine's own signal when left out. Give another one to clean up after a cancel. */
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; repeated headers joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Must be read or destroyed. */
  readonly body: Readable;
}

export interface Http {
  /** One request, no redirects followed, no retry. Rejects with Node's own network errors. */
  request(request: HttpRequest): Promise<HttpResponse>;
}

export interface Annotation {
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
}

/** The runner: log, masks, outputs, summary. */
export interface Actions {
  info(line: string): void;
  debug(line: string): void;
  notice(message: string, annotation?: Annotation): void;
  warning(message: string, annotation?: Annotation): void;
  error(message: string, annotation?: Annotation): void;
  startGroup(title: string): void;
  endGroup(): void;
  mask(value: string): void;
  setOutput(name: string, value: string): void;
  /** For this job's later steps. */
  exportVariable(name: string, value: string): void;
  /** An absolute directory that comes before all others, for this job's later steps. */
  addPath(directory: string): void;
  /** Kept for the post step of this action, at once. */
  saveState(name: string, value: string): void;
  /** What the main step saved; "" when it saved nothing. */
  getState(name: string): string;
  writeSummary(markdown: string): Promise<void>;
}
