const require = process.getBuiltinModule;
import {
  __callDispose,
  __using,
  errorCode
} from "./chunk-3TB2QHME.js";

// src/machine/system.ts
import { readdirSync, readFileSync as readFileSync2, readlinkSync } from "node:fs";
import { userInfo } from "node:os";
import { fileURLToPath } from "node:url";

// src/machine/private-files.ts
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
var { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
var MOST_BYTES = 1 << 20;
var STICKY = 512;
var OTHERS = 63;
function isPrivate(directory, owner) {
  try {
    var _stack = [];
    try {
      const place = __using(_stack, open(directory, O_DIRECTORY));
      return place !== void 0 && whyShared(place.descriptor, owner) === void 0;
    } catch (_) {
      var _error = _, _hasError = true;
    } finally {
      __callDispose(_stack, _error, _hasError);
    }
  } catch {
    return false;
  }
}
function readPrivate(directory, name, owner) {
  try {
    var _stack = [];
    try {
      const place = __using(_stack, open(directory, O_DIRECTORY));
      if (place === void 0) return { kind: "absent" };
      const shared = whyShared(place.descriptor, owner);
      if (shared !== void 0) return { kind: "foreign", why: `the directory ${shared}` };
      const file = __using(_stack, open(`${pathOf(place.descriptor)}/${name}`, O_NONBLOCK));
      if (file === void 0) return { kind: "empty" };
      const why = whyUnfit(fstatSync(file.descriptor), owner);
      if (why !== void 0) return { kind: "foreign", why: `its ${name} ${why}` };
      return { kind: "text", text: readFileSync(file.descriptor, "utf8") };
    } catch (_) {
      var _error = _, _hasError = true;
    } finally {
      __callDispose(_stack, _error, _hasError);
    }
  } catch (error) {
    return { kind: "foreign", why: error instanceof Error ? error.message : String(error) };
  }
}
function pathOf(descriptor) {
  return `/proc/self/fd/${descriptor}`;
}
function open(path, flags) {
  try {
    const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | flags);
    return { descriptor, [Symbol.dispose]: () => closeSync(descriptor) };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return void 0;
    throw error;
  }
}
function whyShared(directory, owner) {
  var _stack = [];
  try {
    const parent = __using(_stack, open(`${pathOf(directory)}/..`, O_DIRECTORY));
    const isMovable = parent !== void 0 && isOpenToAll(fstatSync(parent.descriptor));
    return whyForeign(fstatSync(directory), owner) ?? (isMovable ? "may be renamed by everybody" : void 0);
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    __callDispose(_stack, _error, _hasError);
  }
}
function whyUnfit(there, owner) {
  if (!there.isFile()) return "is no regular file";
  if (there.size > MOST_BYTES) return `is larger than ${MOST_BYTES} bytes`;
  return whyForeign(there, owner);
}
function whyForeign({ uid, mode }, owner) {
  if (uid !== process.getuid?.() && uid !== owner) return `belongs to the user ${uid}`;
  return (mode & OTHERS) === 0 ? void 0 : "is open to other users";
}
function isOpenToAll({ mode }) {
  return (mode & 2) !== 0 && (mode & STICKY) === 0;
}

// src/machine/system.ts
function realSystem() {
  return {
    user() {
      const { uid, username } = userInfo();
      return { id: uid, name: username };
    },
    self: async () => identify(process.pid),
    postStep: () => [process.execPath, postStep()],
    async launch(invocation, log) {
      const { launch } = await import("./launch-KWRNOMB4.js");
      return identify(await launch(invocation, log));
    },
    isAlive: async (target) => isAlive(target),
    async marked(name, value) {
      const all = statuses();
      return withDescendants(
        all,
        all.filter(({ pid }) => variableOf(pid, name) === value && isOf(pid, [thisUser()]))
      );
    },
    async marks(name) {
      const place = mountNamespaceOf("self");
      const here = statuses().filter(({ pid }) => mountNamespaceOf(pid) === place && isOf(pid, [thisUser()]));
      return [...new Set(here.map(({ pid }) => variableOf(pid, name)).filter((value) => value !== void 0))];
    },
    async rootsArguments(name) {
      const ofRoot = statuses().filter(({ pid }) => isOf(pid, [0, thisUser()]));
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
      const { listens } = await import("./launch-KWRNOMB4.js");
      return listens(socket);
    },
    isPrivate: async (directory, owner) => isPrivate(directory, owner),
    readPrivate
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
function isOf(pid, users) {
  const [, ids = ""] = /^Uid:\t(.+)$/m.exec(read(`/proc/${pid}/status`)) ?? [];
  return ids !== "" && ids.split("	").every((id) => users.includes(Number(id)));
}
function thisUser() {
  return process.getuid?.();
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
  return attempt(() => readFileSync2(path, "utf8"), "");
}
function attempt(work, otherwise) {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
function isGone(error) {
  return errorCode(error) === "ESRCH";
}
export {
  realSystem
};
