/** What `backend: auto` follows; docs/setup.md shows it as a table, which is made from this file. */
import { type Failure, ProgramMissing } from "../errors.ts";
import type { Env } from "../machine/machine.ts";
import { type NonEmpty, nonEmpty } from "../values.ts";
import type { Backend, Engine } from "./backend.ts";
import { buildctl } from "./buildctl.ts";
import { buildx } from "./buildx.ts";
import { docker } from "./docker.ts";
import { BACKENDS } from "./index.ts";
import { podman } from "./podman.ts";

/** Backends in the order in which they are tried. */
export interface CandidateGroup {
  readonly backends: NonEmpty<Backend>;
  /** Present if somebody named the engine: no other group is tried then. */
  readonly named?: NamedEngine;
}

/** An engine that somebody named. */
export interface NamedEngine {
  /** Why the group was chosen, for the log. */
  because(engine: Engine): string;
  /** Before the message of a failure, with what follows it; empty if the message says enough. */
  readonly prefix: string;
  /** How to use another engine, one sentence. */
  readonly remedy: string;
  /** The builder's name, if it is that which is named. */
  readonly builder?: string;
  /** Codes of failures that say only that the engine is of another kind, so that the next backend is tried. */
  readonly handsOver: ReadonlySet<string>;
  /** Whether the next group is tried after such a failure of the last backend. */
  passes(failure: Failure): boolean;
}

export interface AutoChoice {
  readonly groups: NonEmpty<CandidateGroup>;
  /** Preferred where no engine may be asked, as on a dry run. */
  readonly assumed: NonEmpty<Backend>;
  /** The backend whose tools are installed if they are missing, and whose engine is started if none is named. */
  readonly setUp: Backend;
}

interface VariableRule extends Pick<AutoChoice, "setUp"> {
  readonly backends: NonEmpty<Backend>;
  readonly namesBuilder?: true;
  /** Values that name only what is used anyway; with them the variable counts as not set. */
  readonly usual?: readonly string[];
  /** Whether the failure of the last backend says that nothing here reads the variable; it counts as not set then. */
  readonly isUnread?: (failure: Failure) => boolean;
}

const DOCKER_SOCKETS = ["unix:///var/run/docker.sock", "unix:///run/docker.sock"];

/**
 * Environment variables that name an engine, first those of builds alone, as they say most. docker itself prefers
 * `DOCKER_HOST` to `DOCKER_CONTEXT`, and podman `CONTAINER_HOST` to `CONTAINER_CONNECTION`.
 * Sources: docker/cli, cli/command/cli.go (resolveContextName); docs.podman.io, podman(1), "environment variables".
 */
export const ENGINE_VARIABLES = {
  BUILDX_BUILDER: { backends: [buildx, docker], setUp: buildx, namesBuilder: true },
  BUILDKIT_HOST: { backends: [buildctl], setUp: buildctl },
  DOCKER_HOST: { backends: [buildx, docker], setUp: docker, usual: DOCKER_SOCKETS, isUnread: isWithoutDocker },
  DOCKER_CONTEXT: { backends: [buildx, docker], setUp: docker, usual: ["default"] },
  CONTAINER_HOST: { backends: [podman], setUp: podman },
  CONTAINER_CONNECTION: { backends: [podman], setUp: podman },
} as const satisfies Readonly<Record<string, VariableRule>>;

interface SetVariable {
  readonly name: string;
  readonly value: string;
  readonly rule: VariableRule;
}

/** The variables that name an engine, in the order of precedence. */
export function namingVariables(env: Env): readonly SetVariable[] {
  return Object.entries<VariableRule>(ENGINE_VARIABLES).flatMap(([name, rule]) => {
    const { [name]: value = "" } = env;
    return value === "" || rule.usual?.includes(value) === true ? [] : [{ name, value, rule }];
  });
}

/** Podman's users set `DOCKER_HOST` too, for other programs that speak docker's protocol. */
function isWithoutDocker(failure: Failure): boolean {
  return failure.code === "NotDocker" || (failure instanceof ProgramMissing && failure.program === docker.tool);
}

/** The program is missing, is podman's under another name, or the builder is the docker daemon itself. */
const OTHER_KIND = ["ToolMissing", "NotDocker", "DockerDriver"];

/** Without a name in the environment, buildx is used for a builder that somebody has made the current one. */
const CURRENT_BUILDER: CandidateGroup = {
  backends: [buildx],
  named: {
    because: ({ builder = "it" }) => `${builder} is the current builder of docker buildx`,
    prefix: "the current builder of docker buildx cannot be used: ",
    remedy: "To build in the docker daemon itself, run `docker buildx use default` before, or set `backend: docker`.",
    handsOver: new Set([...OTHER_KIND, "NoBuilder"]),
    passes: () => true,
  },
};

const BY_INPUT: NamedEngine = {
  because: () => "the input builder is set",
  prefix: "",
  remedy: "",
  handsOver: new Set(),
  passes: () => false,
};

/** The backend that is set up if none works: it needs only its own daemon, neither containerd nor docker. */
const LAST_RESORT = buildctl;

/**
 * The backends that `auto` may choose.
 * @param builder value of the input; it has precedence over the environment.
 */
export function autoChoice(builder: string | undefined, env: Env): AutoChoice {
  const able = BACKENDS.filter((backend) => backend.isCandidate(builder));
  if (builder !== undefined) {
    // buildctl takes one address, and buildx everything else, so the list is never empty.
    const backends = nonEmpty(able) ?? [LAST_RESORT];
    return { groups: [{ backends, named: BY_INPUT }], assumed: backends, setUp: backends[0] };
  }
  const backends = nonEmpty(able.filter((backend) => !CURRENT_BUILDER.backends.includes(backend))) ?? [LAST_RESORT];
  const [variable] = namingVariables(env);
  if (variable !== undefined) return byVariable(variable, backends);
  return { groups: [CURRENT_BUILDER, { backends }], assumed: backends, setUp: LAST_RESORT };
}

function byVariable({ name, value, rule }: SetVariable, others: NonEmpty<Backend>): AutoChoice {
  const { backends, setUp, namesBuilder, isUnread } = rule;
  const named: NamedEngine = {
    because: () => `${name} is set`,
    prefix: `${name} is set, but `,
    remedy: `To use another engine, set the input backend, or leave ${name} out of this step's environment.`,
    handsOver: new Set(OTHER_KIND),
    passes: (failure) => isUnread?.(failure) === true,
    ...(namesBuilder === true ? { builder: value } : {}),
  };
  const unread = isUnread === undefined ? [] : others;
  return {
    groups: [{ backends, named }, ...(isUnread === undefined ? [] : [{ backends: others }])],
    assumed: [setUp, ...backends, ...unread],
    setUp,
  };
}
