const require = process.getBuiltinModule;
import {
  Failure,
  Secret,
  cancelled,
  printCommand,
  readEvidence
} from "./chunk-X4LXKBUS.js";
import "./chunk-ZDX6KC25.js";

// src/commands/execute.ts
import { dirname } from "node:path";

// src/commands/diagnosis.ts
var LOOKED_UP = /^[ \t]*> resolve image config for docker-image:\/\//m;
var SCANNER_HINT = "It is the SBOM's scanner that cannot be pulled: `sbom: generator=IMAGE` names one within reach.";
var PATTERNS = [
  {
    match: /no space left on device|ENOSPC|disk quota exceeded/i,
    class: "disk",
    hint: "Free space on the runner or move the engine's storage to a larger disk."
  },
  {
    match: /InvalidBaseImagePlatform|does not match the expected platform|no match for platform in manifest|no image found in (?:image index|manifest list) for architecture/i,
    class: "platform",
    hint: "The base image is not made for this platform; choose another base or another platform."
  },
  {
    match: /exec format error/i,
    class: "platform",
    hint: "The machine cannot run programs of this platform; install emulation (binfmt) or build on a native runner."
  },
  {
    match: /dockerfile parse error|unknown instruction|no build stage in current context|requires a FROM instruction|target stage .{0,200} could not be found|failed to (?:read|find) dockerfile|no target found/i,
    class: "dockerfile",
    hint: "The line below is the one the builder refused."
  },
  {
    match: /^[ \t]*> \[.*\] generating sbom using /m,
    class: "tool",
    hint: "It is the SBOM's scanner that failed, not the build; what it printed is above. `sbom: generator=IMAGE` names another."
  },
  {
    match: /did not complete successfully|while running runtime: exit status|building at STEP .{0,2000}exit status \d+|returned a non-zero code/i,
    class: "run-step",
    hint: "The lines above the error are what the step itself printed."
  },
  {
    match: /429 Too Many Requests|toomanyrequests/i,
    class: "rate-limit",
    hint: "Log in to the registry before this step, or use a mirror of it."
  },
  {
    match: /unauthorized|authentication required|no basic auth credentials|denied:|403 Forbidden|insufficient_scope|access denied/i,
    class: "auth",
    hint: "Log in to that registry in a step before this one; pushing to ghcr.io needs `permissions: packages: write`."
  },
  {
    match: /credential file is not accessible|checking authfile/i,
    class: "auth",
    hint: "REGISTRY_AUTH_FILE or DOCKER_CONFIG names a file that is not there."
  },
  {
    match: /granting entitlement .{0,200} is not allowed/i,
    class: "engine",
    hint: "The buildkitd must be started with --allow-insecure-entitlement for it."
  },
  {
    match: /cannot connect to the docker daemon|is the docker daemon running|failed to connect to the docker API|failed to list workers|no buildkit host is available|no builder .{0,200} found|cannot connect to podman|connect to containerd|containerd\.sock|(?:Unavailable: |code = Unavailable desc = )(?:error reading from server|closing transport|connection error)/i,
    class: "engine",
    hint: "The engine stopped or cannot be reached from this step. See the engine's own log; `docker buildx inspect` shows which node of a builder it was."
  },
  {
    match: /certificate signed by unknown authority|failed to verify certificate|x509:|server gave HTTP response to HTTPS client/i,
    class: "network",
    hint: "The registry's certificate or scheme is not what the engine expects; give the engine the CA certificate, or configure the registry as plain http."
  },
  {
    match: /no such host|connection refused|i\/o timeout|connection reset by peer|TLS handshake timeout|unexpected EOF|50[0234] (?:Bad Gateway|Service Unavailable|Gateway|Internal)/i,
    class: "network",
    hint: "The registry or the network did not answer; try again."
  },
  {
    match: LOOKED_UP,
    class: "tool",
    hint: "Check the image's name. Registries also answer `not found` when access is missing."
  },
  {
    match: /short-name .{0,200} did not resolve/i,
    class: "base-image",
    hint: "podman and buildah have no registry for a short name: write the full name of the base image (docker.io/\u2026), or set unqualified-search-registries in /etc/containers/registries.conf, which Debian's packages leave empty."
  },
  {
    match: /failed to resolve source metadata|manifest unknown|: not found|name unknown|initializing source docker:|unable to copy from source/i,
    class: "base-image",
    hint: "Check the name of the base image. Registries also answer `not found` when access is missing."
  }
];
var FALLBACK_HINT = "The last lines of the tool are above.";
function diagnose(command, exit, dockerfile) {
  const lines = decidingLines(exit.tail);
  const text = lines.join("\n");
  const found = PATTERNS.find(({ match }) => match.test(text));
  const isScanner = LOOKED_UP.test(text) && asksForSbom(command);
  const hint = found?.hint ?? FALLBACK_HINT;
  const line = positionOf(exit.tail);
  return new Failure(found?.class ?? "tool", `${command.title} ${howItEnded(exit)}${reasonOf(lines)}`, {
    lines,
    hint: isScanner ? `${SCANNER_HINT} ${hint}` : hint,
    ...line === void 0 ? {} : { position: { file: dockerfile, line } }
  });
}
function asksForSbom({ args }) {
  return args.some((word) => typeof word === "string" && /^(?:type=|attest:)sbom\b/.test(word));
}
var LONGEST_REASON = 300;
function reasonOf(lines) {
  const last = lines.at(-1)?.trim() ?? "";
  if (last === "") return "";
  return `: ${last.length > LONGEST_REASON ? `${last.slice(0, LONGEST_REASON)}\u2026` : last}`;
}
function howItEnded({ code, signal }) {
  if (code === void 0) return `was ended by ${signal ?? "a signal"}`;
  return code === 0 ? "only warned about something that must not happen" : `ended with exit code ${code}`;
}
var MOST_LINES = 30;
var CLOSING = /^(?:ERROR|error|Error|FATA\[|time=.*level=fatal)/;
function decidingLines(tail) {
  const lines = tail.filter((line) => line.trim() !== "");
  const last = lines.findLastIndex((line) => CLOSING.test(line.trim()));
  const end = last < 0 ? lines.length : last + 1;
  const log = between(lines.slice(0, end), /^-{6}$/) ?? between(lines.slice(0, end), /^-{7,}$/);
  const deciding = log === void 0 ? lines.slice(0, end) : [...log, ...lines.slice(end - 1, end)];
  return deciding.slice(-MOST_LINES);
}
function between(lines, fence) {
  const fences = lines.flatMap((line, index) => fence.test(line.trim()) ? [index] : []);
  const [start, end] = fences.slice(-2);
  return start === void 0 || end === void 0 ? void 0 : lines.slice(start + 1, end);
}
function positionOf(tail) {
  const found = tail.map((line2) => /^([\w.-]+):(\d+)$/.exec(line2.trim()));
  const [, , line] = found.findLast((match) => match?.[1]?.includes("Dockerfile")) ?? [];
  return line === void 0 ? void 0 : Number(line);
}

// src/commands/execute.ts
async function execute(script, context) {
  const { files } = context.machine;
  for (const { path, content, mode } of script.files) {
    await files.makeDirectory(dirname(path), 448);
    await files.write(path, content instanceof Secret ? content.revealBytes() : content, mode);
  }
  for (const path of script.creates) await files.makeDirectory(dirname(path), 493);
  if (script.steps.some(({ kind }) => kind === "load")) await findLoader(context);
  for (const step of script.steps) await executeStep(step, context);
}
async function executeStep(step, context) {
  const { registry } = context;
  switch (step.kind) {
    case "run":
      return runCommand(step.command, context);
    case "load":
      return load(step.archive, context);
    case "upload":
      return registry.pushLayout(step.layout, step.to);
    case "upload-by-digest":
      return registry.pushLayoutByDigest(step.layout, step.to);
    case "adopt":
      return registry.adoptDirectory(step.directory, step.layout, step.name);
    case "join":
      return registry.joinLayout(step.layout, step.members, step.name);
    case "copy":
      return registry.copy(step.from, step.to);
  }
}
async function runCommand(command, context) {
  const { processes, actions, signal } = context.machine;
  const { title, tool, args, forbids = [] } = command;
  const forbidden = [];
  const argv = await Promise.all(args.map((argument) => argumentText(argument, command, context)));
  actions.startGroup(title);
  actions.info(printCommand(tool, args));
  const exit = await processes.stream({ tool, args: argv, env: context.env, signal }, (line) => {
    actions.info(line);
    context.onLine?.(command, line);
    if (forbids.some((text) => line.includes(text))) forbidden.push(line);
  }).finally(() => actions.endGroup());
  if (signal.aborted) throw cancelled(signal, `${title} was stopped`);
  if (exit.code !== 0 && command.mayFail !== void 0) {
    return actions.warning(`${title} failed, and the build continues: ${command.mayFail}, or a step failed`);
  }
  if (exit.code !== 0) throw diagnose(command, exit, context.dockerfile);
  if (forbidden.length > 0) throw diagnose(command, { ...exit, tail: forbidden }, context.dockerfile);
}
async function argumentText(argument, { title }, { machine }) {
  return typeof argument === "string" ? argument : readEvidence(argument.contentOf, title, machine.files);
}
var LOADERS = ["docker", "podman", "nerdctl"];
async function load(archive, context) {
  const tool = await findLoader(context);
  return runCommand({ title: `${tool} load`, tool, args: ["load", "--input", archive] }, context);
}
async function findLoader({ machine: { processes } }) {
  for (const tool of LOADERS) if (await processes.which(tool) !== void 0) return tool;
  throw new Failure("tool", `no local store can take the image: none of ${LOADERS.join(", ")} is on PATH`, {
    hint: "Use push or output with this backend, or install one of them."
  });
}
export {
  execute
};
