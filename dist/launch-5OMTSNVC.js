const require = process.getBuiltinModule;
import {
  Failure,
  definedOnly
} from "./chunk-J6WTHVD7.js";
import {
  __callDispose,
  __using
} from "./chunk-ZDX6KC25.js";

// src/machine/launch.ts
import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { connect } from "node:net";
async function launch({ tool, args, env, cwd }, log) {
  var _stack = [];
  try {
    const output = __using(_stack, await open(log, "a", 384), true);
    const child = spawn(tool, [...args], {
      // A session of its own: neither a signal to the action's group nor the end of its terminal reaches it.
      detached: true,
      stdio: ["ignore", output.fd, output.fd],
      cwd: cwd ?? "/",
      ...env === void 0 ? {} : { env: definedOnly(env) }
    });
    try {
      await once(child, "spawn");
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Failure("tool", `${tool} cannot be started: ${why}`, { cause: error });
    }
    child.unref();
    return child.pid ?? -1;
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    var _promise = __callDispose(_stack, _error, _hasError);
    _promise && await _promise;
  }
}
function listens(path) {
  return new Promise((settle) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      settle(true);
    });
    socket.once("error", () => settle(false));
  });
}
export {
  launch,
  listens
};
