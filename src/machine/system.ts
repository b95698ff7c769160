import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { userInfo } from "node:os";
import { fileURLToPath } from "node:url";
import { errorCode } from "../errors.ts";
import { launch, listens } from "./launch.ts";
import type { LiveProcess, System } from "./machine.ts";
import { isPrivate, readPrivate } from "./private-files.ts";

interface Status extends LiveProcess {
  readonly parent: number;
}

/**
 * Processes and mounts of the machine, read from /proc. Reads are synchronous, because /proc does not access a disk; this
 * takes a fifth of the time. Sources: proc_pid_stat(5), proc_pid_mountinfo(5).
 */
export function realSystem(): System {
  return {
    user() {
      const { uid, username } = userInfo();
      return { id: uid, name: username };
    },
    self: async () => identify(process.pid),
    postStep: () => [process.execPath, postStep()],
    async launch(invocation, log) {
      return identify(await launch(invocation, log));
    },
    isAlive: async (target) => isAlive(target),
    async marked(name, value) {
      const all = statuses();
      return withDescendants(
        all,
        all.filter(({ pid }) => variableOf(pid, name) === value && isOf(pid, [thisUser()])),
      );
    },
    async marks(name) {
      const namespace = mountNamespaceOf("self");
      const here = statuses().filter(({ pid }) => mountNamespaceOf(pid) === namespace && isOf(pid, [thisUser()]));
      return [...new Set(here.map(({ pid }) => variableOf(pid, name)).filter((value) => value !== undefined))];
    },
    async rootsArguments(name) {
      const ofRoot = statuses().filter(({ pid }) => isOf(pid, [0, thisUser()]));
      const words = ofRoot.flatMap(({ pid }) => read(`/proc/${pid}/cmdline`).split("\0"));
      return [
        ...new Set(words.filter((word) => word.startsWith(`${name}=`)).map((word) => word.slice(name.length + 1))),
      ];
    },
    async rootedBelow(directories) {
      const namespace = mountNamespaceOf("self");
      return statuses()
        .filter(({ pid }) => mountNamespaceOf(pid) !== namespace)
        .filter(({ pid }) =>
          mountsOf(pid).some(
            ({ point, origin }) => point === "/" && directories.some((path) => origin.includes(`${path}/`)),
          ),
        );
    },
    async signal(target, signal, group) {
      if (!isAlive(target)) return;
      try {
        process.kill(group === undefined ? target.pid : -target.pid, signal);
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
    async mountsBelow(directory) {
      const points = mountsOf("self").map(({ point }) => point);
      return points.filter((point) => point.startsWith(`${directory}/`)).reverse();
    },
    listens,
    isPrivate: async (directory, owner) => isPrivate(directory, owner),
    readPrivate,
  };
}

/** The script is beside this file's folder in `src` and beside this file in `dist`. */
function postStep(): string {
  const here = import.meta.url;
  return fileURLToPath(new URL(here.endsWith(".ts") ? "../post.ts" : "./post.js", here));
}

function identify(pid: number): LiveProcess {
  // A process that has ended already has no start time and is never considered alive.
  return { pid, started: statusOf(pid)?.started ?? "" };
}

function isAlive({ pid, started }: LiveProcess): boolean {
  return started !== "" && statusOf(pid)?.started === started;
}

/** `undefined` for a process that has ended or is a zombie. */
function statusOf(pid: number): Status | undefined {
  const text = read(`/proc/${pid}/stat`);
  // The name before these fields is in brackets and may contain brackets and blanks itself.
  const [state, parent, ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const started = fields[17];
  if (started === undefined || state === "Z" || state === "X") return undefined;
  return { pid, started, parent: Number(parent) };
}

/** All processes except this one. */
function statuses(): readonly Status[] {
  const pids = attempt(() => readdirSync("/proc"), [])
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids
    .filter((pid) => pid !== process.pid)
    .map(statusOf)
    .filter((status) => status !== undefined);
}

/** Youngest first, so that children are ended before a parent that would restart them. */
function withDescendants(all: readonly Status[], roots: readonly Status[]): readonly LiveProcess[] {
  const found = new Map(roots.map((status) => [status.pid, status]));
  for (let grown = -1; grown !== found.size; ) {
    grown = found.size;
    for (const status of all) if (found.has(status.parent)) found.set(status.pid, status);
  }
  return [...found.values()].sort((one, other) => Number(other.started) - Number(one.started) || other.pid - one.pid);
}

function variableOf(pid: number, name: string): string | undefined {
  const variables = read(`/proc/${pid}/environ`).split("\0");
  return variables.find((variable) => variable.startsWith(`${name}=`))?.slice(name.length + 1);
}

/**
 * Whether all four user ids of the process are among these users. The effective id, which owns its entry in /proc, is not
 * sufficient: a set-user-ID program, such as sudo, has the environment and arguments of its caller.
 * Source: proc_pid_status(5)
 */
function isOf(pid: number, users: readonly (number | undefined)[]): boolean {
  const [, ids = ""] = /^Uid:\t(.+)$/m.exec(read(`/proc/${pid}/status`)) ?? [];
  return ids !== "" && ids.split("\t").every((id) => users.includes(Number(id)));
}

function thisUser(): number | undefined {
  return process.getuid?.();
}

function mountNamespaceOf(pid: number | "self"): string | undefined {
  return attempt(() => readlinkSync(`/proc/${pid}/ns/mnt`), undefined);
}

interface Mount {
  readonly point: string;
  /** The mounted file system: its root, its source and its options, which include the layers of an overlay. */
  readonly origin: string;
}

function mountsOf(pid: number | "self"): readonly Mount[] {
  return read(`/proc/${pid}/mountinfo`)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [, , , root = "", point = ""] = line.split(" ");
      return { point: unescaped(point), origin: unescaped(`${root} ${line.slice(line.indexOf(" - "))}`) };
    });
}

/** Decodes blanks and similar characters, which are octal numbers in mountinfo. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

/** Empty on an error: a process may have ended, and the environment of other users' processes is not readable. */
function read(path: string): string {
  return attempt(() => readFileSync(path, "utf8"), "");
}

function attempt<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

function isGone(error: unknown): boolean {
  return errorCode(error) === "ESRCH";
}
