import { ownValue } from "../values.ts";
import { type Instruction, parseDockerfile } from "./dockerfile/parse.ts";

/** Constructs of Dockerfiles that some builders do not read, or silently ignore; the values are their names in messages. */
export const CONSTRUCTS = {
  bindMount: "RUN --mount=type=bind",
  cacheMount: "RUN --mount=type=cache",
  secretMount: "RUN --mount=type=secret",
  sshMount: "RUN --mount=type=ssh",
  tmpfsMount: "RUN --mount=type=tmpfs",
  stepNetwork: "RUN --network",
  hereDocument: "here-documents",
  linkedCopy: "COPY --link",
  copyOwner: "COPY --chown",
  copyMode: "COPY --chmod",
} as const;

export type Construct = keyof typeof CONSTRUCTS;

export const CONSTRUCT_NAMES = Object.keys(CONSTRUCTS) as readonly Construct[];

/** How a builder reads a Dockerfile. */
export interface Dialect {
  readonly reads: Readonly<Record<Construct, boolean>>;
  /** Whether each step has its own layer. A `single` layer omits files that a later step removes. */
  readonly layers: "per-step" | "single";
}

/** The dialect of a builder that reads every construct, as BuildKit does. */
export const FULL_DIALECT: Dialect = { reads: readsOf(() => true), layers: "per-step" };

/** The table of the constructs that are read. */
export function readsOf(isRead: (construct: Construct) => boolean): Dialect["reads"] {
  return Object.fromEntries(CONSTRUCT_NAMES.map((name) => [name, isRead(name)])) as Record<Construct, boolean>;
}

/** The constructs in a Dockerfile's text, each once. */
export function constructsOf(dockerfile: string): readonly Construct[] {
  const found = new Set(parseDockerfile(dockerfile).flatMap(constructsIn));
  return CONSTRUCT_NAMES.filter((name) => found.has(name));
}

const COPY_FLAGS = { "--link": "linkedCopy", "--chown": "copyOwner", "--chmod": "copyMode" } as const;

const MOUNTS: Readonly<Record<string, Construct>> = {
  bind: "bindMount",
  cache: "cacheMount",
  secret: "secretMount",
  ssh: "sshMount",
  tmpfs: "tmpfsMount",
};

function constructsIn({ keyword, flags, hasHereDocument }: Instruction): readonly Construct[] {
  const names = flags.map((flag) => flag.split("=", 1)[0]);
  return [
    ...(hasHereDocument ? ["hereDocument" as const] : []),
    ...(keyword === "RUN" ? flags.flatMap(mountOf) : []),
    ...(keyword === "RUN" && names.includes("--network") ? ["stepNetwork" as const] : []),
    ...(keyword === "COPY" || keyword === "ADD"
      ? Object.entries(COPY_FLAGS).flatMap(([flag, name]) => (names.includes(flag) ? [name] : []))
      : []),
  ];
}

/** The construct of a `--mount` flag; a mount without a type is a bind mount. Source: https://docs.docker.com/reference/dockerfile/#run---mount */
function mountOf(flag: string): readonly Construct[] {
  if (!flag.startsWith("--mount=")) return [];
  const type = /(?:=|,)type=([^,]*)/.exec(flag)?.[1]?.toLowerCase() ?? "bind";
  return [ownValue(MOUNTS, type) ?? "bindMount"];
}
