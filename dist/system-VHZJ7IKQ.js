const require = process.getBuiltinModule;
import "./chunk-5E5L6I3A.js";
import "./chunk-ZDX6KC25.js";

// src/world/system.ts
import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { fileURLToPath } from "node:url";
function realSystem() {
  return {
    user() {
      const { uid, username } = userInfo();
      return { id: uid, name: username };
    },
    self: async () => identify(process.pid),
    postStep: () => [process.execPath, postStep()],
    async launch(invocation, log) {
      const { launch } = await import("./launch-C2EJ4T6F.js");
      return identify(await launch(invocation, log));
    },
    isAlive: async (target) => isAlive(target),
    async marked(name, value) {
      const all = statuses();
      return withDescendants(
        all,
        all.filter(({ pid }) => variableOf(pid, name) === value)
      );
    },
    async marks(name) {
      const place = mountNamespaceOf("self");
      const here = statuses().filter(({ pid }) => mountNamespaceOf(pid) === place);
      return [...new Set(here.map(({ pid }) => variableOf(pid, name)).filter((value) => value !== void 0))];
    },
    async rootsArguments(name) {
      const ofRoot = statuses().filter(({ pid }) => ownerOf(pid) === 0);
      const words = ofRoot.flatMap(({ pid }) => read(`/proc/${pid}/cmdline`).split("\0"));
      return [
        ...new Set(words.filter((word) => word.startsWith(`${name}=`)).map((word) => word.slice(name.length + 1)))
      ];
    },
    async rootedBelow(directories) {
      const place = mountNamespaceOf("self");
      return statuses().filter(({ pid }) => mountNamespaceOf(pid) !== place).filter(
        ({ pid }) => mountsOf(pid).some(
          ({ point, origin }) => point === "/" && directories.some((path) => origin.includes(`${path}/`))
        )
      );
    },
    async signal(target, signal, group) {
      if (!isAlive(target)) return;
      try {
        process.kill(group === void 0 ? target.pid : -target.pid, signal);
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
    async mountsBelow(directory) {
      const points = mountsOf("self").map(({ point }) => point);
      return points.filter((point) => point.startsWith(`${directory}/`)).reverse();
    },
    async listens(socket) {
      const { listens } = await import("./launch-C2EJ4T6F.js");
      return listens(socket);
    },
    async isPrivate(directory) {
      const { uid, mode } = lstatSync(directory);
      return uid === process.getuid?.() && (mode & 18) === 0;
    }
  };
}
function postStep() {
  const here = import.meta.url;
  return fileURLToPath(new URL(here.endsWith(".ts") ? "../post.ts" : "./post.js", here));
}
function identify(pid) {
  return { pid, started: statusOf(pid)?.started ?? "" };
}
function isAlive({ pid, started }) {
  return started !== "" && statusOf(pid)?.started === started;
}
function statusOf(pid) {
  const text = read(`/proc/${pid}/stat`);
  const [state, parent, ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const started = fields[17];
  if (started === void 0 || state === "Z" || state === "X") return void 0;
  return { pid, started, parent: Number(parent) };
}
function statuses() {
  const pids = attempt(() => readdirSync("/proc"), []).filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.filter((pid) => pid !== process.pid).map(statusOf).filter((status) => status !== void 0);
}
function withDescendants(all, roots) {
  const found = new Map(roots.map((status) => [status.pid, status]));
  for (let grown = -1; grown !== found.size; ) {
    grown = found.size;
    for (const status of all) if (found.has(status.parent)) found.set(status.pid, status);
  }
  return [...found.values()].sort((one, other) => Number(other.started) - Number(one.started) || other.pid - one.pid);
}
function variableOf(pid, name) {
  const variables = read(`/proc/${pid}/environ`).split("\0");
  return variables.find((variable) => variable.startsWith(`${name}=`))?.slice(name.length + 1);
}
function ownerOf(pid) {
  return attempt(() => statSync(`/proc/${pid}`).uid, void 0);
}
function mountNamespaceOf(pid) {
  return attempt(() => readlinkSync(`/proc/${pid}/ns/mnt`), void 0);
}
function mountsOf(pid) {
  return read(`/proc/${pid}/mountinfo`).split("\n").filter((line) => line !== "").map((line) => {
    const [, , , root = "", point = ""] = line.split(" ");
    return { point: unescaped(point), origin: unescaped(`${root} ${line.slice(line.indexOf(" - "))}`) };
  });
}
function unescaped(text) {
  return text.replace(/\\([0-7]{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8)));
}
function read(path) {
  return attempt(() => readFileSync(path, "utf8"), "");
}
function attempt(work, otherwise) {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
function isGone(error) {
  return error instanceof Error && "code" in error && error.code === "ESRCH";
}
export {
  realSystem
};
