const require = process.getBuiltinModule;
import {
  Failure
} from "./chunk-DERAUSUC.js";

// src/bento/home.ts
import { join, resolve } from "node:path/posix";
var EXPANSIONS = 10;
function expandPath(path, env) {
  let expanded = path;
  for (let round = 0; round < EXPANSIONS; round += 1) {
    const before = expanded;
    expanded = expanded.replace(/^~(?=$|\/)/, () => homeOf(env, path)).replace(/\$(?:(\w+)|\{(\w+)\})/g, (whole, bare, braced) => env[bare ?? braced] ?? whole);
    if (expanded === before) break;
  }
  return expanded;
}
function homeOf(env, path) {
  if (env["HOME"]) return env["HOME"];
  throw new Failure("input", `${path} begins with ~, and HOME is not set`, {
    code: "HomeUnknown",
    hint: "Write the path out, or set HOME in the step's env. The store is named by bentoml-home, the cache of models by HF_HOME."
  });
}
function bentomlHome(given, world) {
  const home = given || world.env["BENTOML_HOME"] || "~/bentoml";
  return resolve(world.workspace, expandPath(home, world.env));
}
function storeDirectories(home) {
  return { bentos: join(home, "bentos"), models: join(home, "models") };
}

export {
  expandPath,
  bentomlHome,
  storeDirectories
};
