const require = process.getBuiltinModule;
import {
  INPUT_OF,
  ProgramMissing,
  isAddress,
  ownValue,
  printRefusal,
  refusalOf,
  unsupportedBy,
  whoCan
} from "./chunk-X4LXKBUS.js";
import "./chunk-ZDX6KC25.js";

// src/probe/check-builder.ts
var CARRIERS = {
  "kube-pod": "kubectl",
  "docker-container": "docker",
  "podman-container": "podman",
  "nerdctl-container": "nerdctl"
};
async function checkBuilder(backend, { builder, keys }, env, { processes }) {
  if (backend !== "auto") {
    const refusals = refusalsOf(backend, builder, keys);
    if (refusals.length > 0) throw unsupportedBy(backend, refusals);
  }
  if (!isAddress(builder)) return;
  for (const [, scheme = ""] of builder.matchAll(/^[ \t]*([a-z-]+):\/\//gm)) {
    const program = ownValue(CARRIERS, scheme);
    if (program === void 0 || await processes.which(program, env["PATH"]) !== void 0) continue;
    throw new ProgramMissing(program, {
      message: `${program} is not on PATH, by which ${scheme}:// is reached`,
      hint: `Install ${program} on the runner in a step before this one; it must be able to reach the builder by itself.`
    });
  }
}
function refusalsOf(backend, builder, keys) {
  const refusal = (name, value) => {
    const reason = refusalOf(backend, name, value, backend.assumed);
    return reason === void 0 ? [] : [printRefusal(INPUT_OF[name], reason, whoCan(name, value, backend))];
  };
  return [...refusal("builder", builder), ...keys === void 0 ? [] : refusal("builderKeys", keys)];
}
export {
  checkBuilder
};
