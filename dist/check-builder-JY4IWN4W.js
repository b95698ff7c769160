const require = process.getBuiltinModule;
import {
  BACKENDS,
  Failure,
  ProgramMissing,
  isAddress,
  isUnsupported,
  ownValue,
  require_lt
} from "./chunk-J6WTHVD7.js";
import {
  __toESM
} from "./chunk-ZDX6KC25.js";

// src/commands/answers.ts
var import_lt = __toESM(require_lt(), 1);
var INPUT_OF = {
  builder: "builder",
  builderKeys: "builder-ca, builder-cert, builder-key",
  platforms: "platforms",
  format: "format",
  compression: "compression",
  epoch: "source-date-epoch",
  pull: "pull",
  noCache: "no-cache",
  noCacheFilters: "no-cache-filters",
  cacheFrom: "cache-from",
  cacheTo: "cache-to",
  cache: "cache",
  target: "target",
  buildArgs: "build-args",
  cacheMounts: "build-args",
  contexts: "build-contexts",
  remoteContexts: "build-contexts",
  secrets: "secrets",
  ssh: "ssh",
  labels: "labels",
  annotations: "annotations",
  attests: "provenance, sbom, attests",
  addHosts: "add-hosts",
  network: "network",
  allow: "allow",
  shmSize: "shm-size",
  ulimits: "ulimit",
  cgroupParent: "cgroup-parent",
  strictBase: "dockerfile"
};
function refusalOf(backend, name, value, engine) {
  const said = answer(backend, name, value, engine);
  return isUnsupported(said) ? said.unsupported : void 0;
}
function answer(backend, name, value, engine) {
  const cell = backend.features[name];
  if (typeof cell === "function") return cell(value, engine);
  if (isUnsupported(cell)) return cell;
  const found = engine.versions[cell.part];
  if (found !== void 0 && (0, import_lt.default)(found, cell.since)) {
    return { unsupported: `${cell.part} ${found} is too old for it; ${cell.since} is the first that can` };
  }
  return cell.say(value, engine);
}
function whoCan(name, value, except) {
  return BACKENDS.filter(
    (backend) => backend !== except && !isUnsupported(answer(backend, name, value, backend.assumed))
  ).map((backend) => backend.name);
}
function printRefusal(input, reason, able) {
  return `${input}: ${reason} (${able.length === 0 ? "no backend can" : `${able.join(", ")} can`})`;
}
function unsupportedBy({ name }, refusals) {
  const message = `the backend ${name} cannot do everything that is asked: ${refusals.join(" \xB7 ")}`;
  return new Failure("input", message, { code: "Unsupported", lines: refusals });
}

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
