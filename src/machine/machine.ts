/** The interfaces to the machine for all other code. The real adapters are in this folder, fakes in test/fakes. */
import type { Readable, Writable } from "node:stream";
import type { EnclosedFiles } from "./enclosure.ts";
import type { DirectoryEntry, FileInfo } from "./file-info.ts";

export type Env = Readonly<Record<string, string | undefined>>;

export interface Machine {
  readonly env: Env;
  /** The directory for relative paths of the inputs: GITHUB_WORKSPACE or the working directory. Absolute. */
  readonly workspace: string;
  /** The machine's architecture as named by Node: `x64`, `arm64`. */
  readonly architecture: string;
  readonly files: Files;
  readonly processes: Processes;
  readonly workers: Workers;
  readonly http: Http;
  readonly actions: Actions;
  /**
   * Pipes the input through the program and yields its output on demand. The program is ended when its reader stops and
   * when the machine's signal fires. Rejects with an Error that contains the program's error output.
   */
  filter(invocation: Pick<Invocation, "tool" | "args" | "env">, input: Readable): AsyncIterable<Uint8Array>;
  /** Answers HTTP requests at a free port of the loopback interface, until it is closed. */
  listen(answer: (request: ServedRequest) => Promise<ServedAnswer>): Promise<Listener>;
  /** Loaded on demand, because few runs need it. */
  toolCache(): Promise<ToolCache>;
  /** Loaded on demand. */
  system(): Promise<System>;
  /** Aborted by SIGINT, SIGTERM or the time limit. Everything that waits listens to it. */
  readonly signal: AbortSignal;
  now(): Date;
  /** Aborts `signal` after this time. */
  cancelAfter(milliseconds: number): void;
}

/** All paths are absolute. Methods reject with Node's own errors (ENOENT, EACCES, ENOSPC, …) unless noted otherwise. */
export interface Files {
  /** The files of Bentos and models. No other method may read them, because their links are not trusted. */
  readonly enclosed: EnclosedFiles;
  /** Like lstat: links are not followed. `undefined` when the path does not exist. */
  info(path: string): Promise<FileInfo | undefined>;
  /** Directory entries sorted by name (UTF-16 code units), links not followed. */
  list(path: string): Promise<readonly DirectoryEntry[]>;
  readBytes(path: string): Promise<Uint8Array>;
  readText(path: string): Promise<string>;
  /** At most `length` bytes from the file's start. */
  readHead(path: string, length: number): Promise<Uint8Array>;
  readLink(path: string): Promise<string>;
  realPath(path: string): Promise<string>;
  /** The bytes from `start` to `end`, inclusive as in Node; by default the whole file. */
  source(path: string, range?: { readonly start?: number; readonly end?: number }): Readable;
  /**
   * The file's bytes in pieces of up to 1 MiB. A piece is valid until the next one is requested: they share one buffer, so
   * that memory use is constant.
   */
  pieces(path: string): AsyncIterable<Uint8Array>;
  /** Fails with EEXIST when the file exists, unless `append` is set. */
  sink(path: string, options: { readonly mode: number; readonly append?: boolean }): Writable;
  /** Creates or replaces the file. The mode is exact, independent of the umask. */
  write(path: string, content: string | Uint8Array, mode: number): Promise<void>;
  /** Creates the directory and missing parents. The mode is exact, independent of the umask; an existing directory keeps its own. */
  makeDirectory(path: string, mode: number): Promise<void>;
  makeLink(target: string, path: string): Promise<void>;
  setMode(path: string, mode: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or a whole tree, if it exists. */
  remove(path: string): Promise<void>;
  /** Removes a directory if it exists and is empty. */
  removeEmpty(path: string): Promise<void>;
  /**
   * A private directory (0700) of this run below RUNNER_TEMP, which is always removed at the end of the run. Its path has no
   * comma: if RUNNER_TEMP has one, it is in the system's directory for temporary files.
   */
  scratch(): Promise<string>;
  /** A directory (0755) of this run below RUNNER_TEMP that later steps may read. The runner removes it after the job. */
  kept(): Promise<string>;
}

export interface Invocation {
  /** A program name found through PATH, or an absolute path. */
  readonly tool: string;
  readonly args: readonly string[];
  /** The complete environment of the child. Default: the machine's. */
  readonly env?: Env;
  readonly cwd?: string;
  readonly stdin?: string;
  /** An additional signal that ends the program. */
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
  /** For helpers that end at once, such as credential helpers. A cancel of the run does not end them. */
  ask(invocation: Invocation): Promise<Captured>;
  /** Absolute path of the program in `path` or in the machine's PATH; `undefined` when it is not found. */
  which(tool: string, path?: string): Promise<string | undefined>;
  /** For short commands: waits for the end and returns the whole output. Rejects when the program cannot be started (`tool`) and when the signal ends it (`cancelled`). */
  capture(invocation: Invocation): Promise<Captured>;
  /** For builds: calls `onLine` for every line as it is printed. The child has its own process group, which the machine's signal ends. */
  stream(invocation: Invocation, onLine: (line: string) => void): Promise<Exit>;
}

/** A process, identified by pid and start time, so that it is not mistaken for a later one with the same pid. */
export interface LiveProcess {
  readonly pid: number;
  /** Clock ticks between the machine's boot and its start, field 22 of proc_pid_stat(5). */
  readonly started: string;
}

/** Starts and finds processes that outlive the action. Linux only; on other systems nothing is found. */
export interface System {
  /** The user of this process; root is 0. */
  user(): { readonly id: number; readonly name: string };
  /** This very process. */
  self(): Promise<LiveProcess>;
  /** The command that runs the post step of this action, for use with other rights, such as by sudo. */
  postStep(): readonly [string, string];
  /**
   * Starts a program that continues when this process ends: with its own session, empty input, and both outputs appended to
   * the file `log` (0600). Rejects with Failure `tool` when it cannot be started.
   */
  launch(invocation: Pick<Invocation, "tool" | "args" | "env" | "cwd">, log: string): Promise<LiveProcess>;
  /** False for a process that has ended or is a zombie, and if another process has the same pid. */
  isAlive(process: LiveProcess): Promise<boolean>;
  /**
   * Processes of this user whose environment contains `name=value`, and all of their descendants, youngest first. The
   * environments of other users' processes are ignored.
   */
  marked(name: string, value: string): Promise<readonly LiveProcess[]>;
  /** Values of the variable in the environments of this user's processes in the same mount namespace. */
  marks(name: string): Promise<readonly string[]>;
  /**
   * Values of `name=value` among the arguments of processes of root and this user, including set-user-ID programs such as
   * sudo. Arguments are used because only root may read the environment of these processes.
   */
  rootsArguments(name: string): Promise<readonly string[]>;
  /** Processes whose root file system is below one of the directories: containers that their runtime did not remove. */
  rootedBelow(directories: readonly string[]): Promise<readonly LiveProcess[]>;
  /** Sends a signal to the process if it is alive, or to its whole process group. */
  signal(process: LiveProcess, signal: "SIGTERM" | "SIGKILL", group?: "group"): Promise<void>;
  /** Mount points below the directory, the deepest first. */
  mountsBelow(directory: string): Promise<readonly string[]>;
  /** Whether a process listens at the Unix socket or the port. */
  listens(address: string | { readonly host: string; readonly port: number }): Promise<boolean>;
  /**
   * Whether the path is a directory, not a link, that belongs to this user or `owner`, and that nobody else may read,
   * write or replace.
   */
  isPrivate(directory: string, owner?: number): Promise<boolean>;
  /**
   * The text of a file that only this user or `owner` can have written. The directory and the file are opened without
   * following links, and then checked and read by the same descriptors, so renames in the meantime have no effect.
   */
  readPrivate(directory: string, name: string, owner?: number): PrivateText;
}

export type PrivateText =
  | { readonly kind: "text"; readonly text: string }
  /** The directory does not exist. */
  | { readonly kind: "absent" }
  /** The file does not exist. */
  | { readonly kind: "empty" }
  /** Others may have written the file; `why` is the reason. */
  | { readonly kind: "foreign"; readonly why: string };

/** The runner's cache of installed programs. On self-hosted runners it is kept between jobs. */
export interface ToolCache {
  /** Absolute path of the tool's directory; undefined when it is not cached. `architecture` as named by Node. */
  find(tool: string, version: string, architecture: string): Promise<string | undefined>;
  /**
   * Copies the directory into the cache atomically and returns its path there. An existing entry is kept if `isSound`
   * returns true and replaced otherwise. Parallel runs do not disturb each other.
   */
  add(
    directory: string,
    tool: string,
    version: string,
    architecture: string,
    isSound: (there: string) => Promise<boolean>,
  ): Promise<string>;
}

/** Worker threads for work that would block this one. */
export interface Workers {
  /** How many jobs run at the same time; further ones wait. */
  readonly width: number;
  /**
   * Runs a job, a plain value for `src/worker.ts`, in a thread with real files. Rejects with the error of the job, and with
   * Failure `cancelled` when the machine's signal ends it. `onBytes` is called now and then with the number of bytes that
   * were read since.
   */
  run(job: unknown, onBytes?: (count: number) => void): Promise<unknown>;
}

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * A stream needs a `content-length` header; it is an error if its size differs. It is sent once, so a retry needs a new
   * request. The next piece is requested only after the previous one has been passed to the kernel, so the pieces may share
   * one buffer. The stream is ended (`return()`) when the request ends first.
   */
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Milliseconds without a byte in either direction. Default: 30,000. */
  readonly idleTimeout?: number;
  /** Ends the request. Default: the machine's signal. Use another one to clean up after a cancel. */
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
  /** Sends one request, without redirects or retries. Rejects with Node's own network errors. */
  request(request: HttpRequest): Promise<HttpResponse>;
}

/** A request to a {@link Listener}. Its body is ignored. */
export interface ServedRequest {
  readonly method: string;
  /** With the query, as the client sent it. */
  readonly path: string;
  readonly authorization: string | undefined;
}

export interface ServedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Left out if the request is a HEAD. If it fails, the connection is closed. */
  readonly body?: AsyncIterable<Uint8Array>;
}

export interface Listener {
  /** Address and port, `127.0.0.1:PORT`. */
  readonly host: string;
  /** Also ends requests that are being answered. */
  close(): Promise<void>;
}

export interface Annotation {
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
}

/** One task that moves bytes and may take long, such as the upload of a layer. */
export interface ProgressTask {
  /** Counts bytes that were sent, received or read. */
  add(bytes: number): void;
  /** The task begins again, as after a broken connection. `from` bytes of it are done; default: 0. */
  restart(from?: number): void;
  /** The size as it turns out. */
  resize(size: number): void;
  /** The task is done or given up: what it has not moved no longer counts. Must be called; calling it again does nothing. */
  end(): void;
}

/** Lines of another program, or a file. */
export interface LogGroup {
  info(line: string): void;
  /** Must be called; calling it again does nothing. */
  end(): void;
}

/** The runner: log, masks, outputs, summary. */
export interface Actions {
  info(line: string): void;
  debug(line: string): void;
  notice(message: string, annotation?: Annotation): void;
  warning(message: string, annotation?: Annotation): void;
  error(message: string, annotation?: Annotation): void;
  /**
   * A part of the log that is shown closed. Lines of others meanwhile are shown outside of it. A log that has no closed parts
   * may leave a file out, which is only for reference.
   */
  openGroup(title: string, of?: "program" | "file"): LogGroup;
  /**
   * Begins a task of `size` bytes, if that is known. Tasks of the same title are shown as one, for example `uploading models`;
   * open those that wait, too, so that the total is right from the start. Short ones are not shown.
   */
  progress(title: string, size?: number): ProgressTask;
  mask(value: string): void;
  /** The text with every masked value replaced by `***`. */
  hide(text: string): string;
  setOutput(name: string, value: string): void;
  /** Sets a variable for later steps of this job. */
  exportVariable(name: string, value: string): void;
  /** Adds an absolute directory at the start of PATH for later steps of this job. */
  addPath(directory: string): void;
  /** Saves a value for the post step of this action immediately. */
  saveState(name: string, value: string): void;
  /** The value that the main step has saved, otherwise "". */
  getState(name: string): string;
  /** Never rejects: the run is over, so a summary that cannot be written is only a line in the log. */
  writeSummary(markdown: string): Promise<void>;
}
