import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);

// src/bento/home.ts
import { join, resolve } from "node:path/posix";
var EXPANSIONS = 10;
function expandPath(path, env) {
  let expanded = path;
  for (let round = 0; round < EXPANSIONS; round += 1) {
    const before = expanded;
    expanded = expanded.replace(/^~(?=$|\/)/, () => env["HOME"] ?? "~").replace(/\$(?:(\w+)|\{(\w+)\})/g, (whole, bare, braced) => env[bare ?? braced] ?? whole);
    if (expanded === before) break;
  }
  return expanded;
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
