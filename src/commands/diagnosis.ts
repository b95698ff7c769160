import type { Command } from "../backends/backend.ts";
import { Failure, type FailureClass } from "../errors.ts";
import type { Exit } from "../machine/machine.ts";

interface Pattern {
  readonly match: RegExp;
  readonly class: FailureClass;
  readonly hint: string;
}

/** Images that are not the base image: an SBOM's scanner, or a frontend that a build argument names. Source: moby/buildkit, frontend/attestations/sbom/sbom.go */
const LOOKED_UP = /^[ \t]*> resolve image config for docker-image:\/\//m;
const SCANNER_HINT = "It is the SBOM's scanner that cannot be pulled: `sbom: generator=IMAGE` names one within reach.";

/**
 * The text that a tool printed → failure class and hint. The first match wins, so narrow patterns come before wide ones.
 * Every text was observed from one of the tools.
 */
const PATTERNS: readonly Pattern[] = [
  {
    match: /no space left on device|ENOSPC|disk quota exceeded/i,
    class: "disk",
    hint: "Free space on the runner or move the engine's storage to a larger disk.",
  },
  {
    match:
      /InvalidBaseImagePlatform|does not match the expected platform|no match for platform in manifest|no image found in (?:image index|manifest list) for architecture/i,
    class: "platform",
    hint: "The base image is not made for this platform; choose another base or another platform.",
  },
  {
    match: /exec format error/i,
    class: "platform",
    hint: "The machine cannot run programs of this platform; install emulation (binfmt) or build on a native runner.",
  },
  {
    match:
      /dockerfile parse error|unknown instruction|no build stage in current context|requires a FROM instruction|target stage .{0,200} could not be found|failed to (?:read|find) dockerfile|no target found/i,
    class: "dockerfile",
    hint: "The line below is the one the builder refused.",
  },
  {
    match: /^[ \t]*> \[.*\] generating sbom using /m,
    class: "tool",
    hint: "It is the SBOM's scanner that failed, not the build; what it printed is above. `sbom: generator=IMAGE` names another.",
  },
  {
    match:
      /did not complete successfully|while running runtime: exit status|building at STEP .{0,2000}exit status \d+|returned a non-zero code/i,
    class: "run-step",
    hint: "The lines above the error are what the step itself printed.",
  },
  {
    match: /429 Too Many Requests|toomanyrequests/i,
    class: "rate-limit",
    hint: "Log in to the registry before this step, or use a mirror of it.",
  },
  {
    match:
      /unauthorized|authentication required|no basic auth credentials|denied:|403 Forbidden|insufficient_scope|access denied/i,
    class: "auth",
    hint: "Log in to that registry in a step before this one; pushing to ghcr.io needs `permissions: packages: write`.",
  },
  {
    match: /credential file is not accessible|checking authfile/i,
    class: "auth",
    hint: "REGISTRY_AUTH_FILE or DOCKER_CONFIG names a file that is not there.",
  },
  {
    match: /granting entitlement .{0,200} is not allowed/i,
    class: "engine",
    hint: "The buildkitd must be started with --allow-insecure-entitlement for it.",
  },
  {
    match:
      /cannot connect to the docker daemon|is the docker daemon running|failed to connect to the docker API|failed to list workers|no buildkit host is available|no builder .{0,200} found|cannot connect to podman|connect to containerd|containerd\.sock|(?:Unavailable: |code = Unavailable desc = )(?:error reading from server|closing transport|connection error)/i,
    class: "engine",
    hint: "The engine stopped or cannot be reached from this step. See the engine's own log; `docker buildx inspect` shows which node of a builder it was.",
  },
  {
    match:
      /certificate signed by unknown authority|failed to verify certificate|x509:|server gave HTTP response to HTTPS client/i,
    class: "network",
    hint: "The registry's certificate or scheme is not what the engine expects; give the engine the CA certificate, or configure the registry as plain http.",
  },
  {
    match:
      /no such host|connection refused|i\/o timeout|connection reset by peer|TLS handshake timeout|unexpected EOF|50[0234] (?:Bad Gateway|Service Unavailable|Gateway|Internal)/i,
    class: "network",
    hint: "The registry or the network did not answer; try again.",
  },
  {
    match: LOOKED_UP,
    class: "tool",
    hint: "Check the image's name. Registries also answer `not found` when access is missing.",
  },
  {
    match: /short-name .{0,200} did not resolve/i,
    class: "base-image",
    hint: "podman and buildah have no registry for a short name: write the full name of the base image (docker.io/…), or set unqualified-search-registries in /etc/containers/registries.conf, which Debian's packages leave empty.",
  },
  {
    match:
      /failed to resolve source metadata|manifest unknown|: not found|name unknown|initializing source docker:|unable to copy from source/i,
    class: "base-image",
    hint: "Check the name of the base image. Registries also answer `not found` when access is missing.",
  },
];

const FALLBACK_HINT = "The last lines of the tool are above.";

/** The failure that the user reads for a command that failed: class, deciding lines, hint, position in the Dockerfile. */
export function diagnose(command: Command, exit: Exit, dockerfile: string): Failure {
  const lines = decidingLines(exit.tail);
  const text = lines.join("\n");
  const found = PATTERNS.find(({ match }) => match.test(text));
  const isScanner = LOOKED_UP.test(text) && asksForSbom(command);
  const hint = found?.hint ?? FALLBACK_HINT;
  const line = positionOf(exit.tail);
  return new Failure(found?.class ?? "tool", `${command.title} ${howItEnded(exit)}${reasonOf(lines)}`, {
    lines,
    hint: isScanner ? `${SCANNER_HINT} ${hint}` : hint,
    ...(line === undefined ? {} : { position: { file: dockerfile, line } }),
  });
}

function asksForSbom({ args }: Command): boolean {
  return args.some((word) => typeof word === "string" && /^(?:type=|attest:)sbom\b/.test(word));
}

const LONGEST_REASON = 300;

/** The last line of the tool's output, so that the first line of the failure names the reason. */
function reasonOf(lines: readonly string[]): string {
  const last = lines.at(-1)?.trim() ?? "";
  if (last === "") return "";
  return `: ${last.length > LONGEST_REASON ? `${last.slice(0, LONGEST_REASON)}…` : last}`;
}

function howItEnded({ code, signal }: Exit): string {
  if (code === undefined) return `was ended by ${signal ?? "a signal"}`;
  return code === 0 ? "only warned about something that must not happen" : `ended with exit code ${code}`;
}

const MOST_LINES = 30;
const CLOSING = /^(?:ERROR|error|Error|FATA\[|time=.*level=fatal)/;

/**
 * The lines that tell why. BuildKit repeats the end of the failed step's log between two lines of six dashes, shows an
 * excerpt of the Dockerfile between two longer ones, and closes with an error; Buildah closes with an error after the
 * step's own output. The output of the step is preferred to the excerpt, whose line is in the annotation.
 */
function decidingLines(tail: readonly string[]): readonly string[] {
  const lines = tail.filter((line) => line.trim() !== "");
  const last = lines.findLastIndex((line) => CLOSING.test(line.trim()));
  const end = last < 0 ? lines.length : last + 1;
  const log = between(lines.slice(0, end), /^-{6}$/) ?? between(lines.slice(0, end), /^-{7,}$/);
  const deciding = log === undefined ? lines.slice(0, end) : [...log, ...lines.slice(end - 1, end)];
  return deciding.slice(-MOST_LINES);
}

/** The lines between the last two fences. */
function between(lines: readonly string[], fence: RegExp): readonly string[] | undefined {
  const fences = lines.flatMap((line, index) => (fence.test(line.trim()) ? [index] : []));
  const [start, end] = fences.slice(-2);
  return start === undefined || end === undefined ? undefined : lines.slice(start + 1, end);
}

/** `Dockerfile:12` on a line of its own, as BuildKit prints above the excerpt. */
function positionOf(tail: readonly string[]): number | undefined {
  const found = tail.map((line) => /^([\w.-]+):(\d+)$/.exec(line.trim()));
  const [, , line] = found.findLast((match) => match?.[1]?.includes("Dockerfile")) ?? [];
  return line === undefined ? undefined : Number(line);
}
