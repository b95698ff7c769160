import type { Bento } from "../bento/bento.ts";
import { Failure } from "../errors.ts";
import { SHELL_VARIABLE_NAME, VARIABLE_NAME } from "../text/variable-name.ts";
import { ownValue } from "../values.ts";
import { hasUnknownExpansion } from "./dockerfile/quoting.ts";
import type { DeclaredSecret } from "./source.ts";
import type { Variable } from "./step.ts";

/** The Bento's envs, sorted by their use. */
export interface Variables {
  /** Stage `all`: set before the first step that may read them. */
  readonly all: readonly Variable[];
  /** Stage `runtime`: set after all steps. */
  readonly runtime: readonly Variable[];
  /** Stage `build`: mounted while steps run. */
  readonly secrets: readonly DeclaredSecret[];
  /** The ones without a value. They are not set, so that the server detects missing required variables. */
  readonly unset: readonly string[];
}

/**
 * Sorts the Bento's envs by their use in the image. The last of several envs with the same name applies, and a build
 * argument of the same name overrides its value, as BentoML's `ARG` allows. In spec 1, `docker.env` replaces all envs of
 * stage `all`, and variables in its values are expanded, because BentoML writes them without quotes (templates/base.j2).
 * BentoML also writes build-stage envs there and so into the image; this action keeps them as secrets.
 * @throws {Failure} bento/ValueInvalid for values that an `ENV` instruction cannot contain.
 */
export function sortVariables(bento: Bento, buildArgs: Readonly<Record<string, string>>): Variables {
  const envs = [...new Map(bento.envs.map((env) => [env.name, env])).values()];
  const build = envs.filter(({ stage }) => stage === "build");
  const runtime = envs.filter(({ stage }) => stage === "runtime");
  const later = new Set([...build, ...runtime].map(({ name }) => name));
  const dockerEnv = bento.image.spec === 1 ? bento.image.dockerEnv : undefined;
  const all: readonly Variable[] =
    dockerEnv === undefined
      ? envs.filter(({ stage }) => stage === "all")
      : Object.entries(dockerEnv)
          .map(([name, value]) => ({ name, value, ...(value.includes("$") ? { expand: true as const } : {}) }))
          .filter(({ name }) => !later.has(name));
  const resolve = ({ name, value, expand }: Variable): Variable => {
    const given = ownValue(buildArgs, name);
    if (given !== undefined) return { name, value: given };
    return { name, value, ...(expand === true ? { expand } : {}) };
  };
  const resolved = { all: all.map(resolve), runtime: runtime.map(resolve) };
  for (const variable of resolved.all) checkVariable(variable, /[\0\r\n]/);
  for (const variable of resolved.runtime) checkVariable(variable, /\0/);
  for (const { name } of build)
    if (!SHELL_VARIABLE_NAME.test(name)) throw invalid(`${name} is not a valid name of a shell variable`);
  const isSet = ({ name, value }: Variable) =>
    value !== "" || (dockerEnv !== undefined && Object.hasOwn(dockerEnv, name));
  return {
    all: resolved.all.filter(isSet),
    runtime: resolved.runtime.filter(isSet),
    secrets: build.map(({ name, value }) => ({ name, declared: value })),
    unset: [...resolved.all, ...resolved.runtime].filter((variable) => !isSet(variable)).map(({ name }) => name),
  };
}

function checkVariable({ name, value, expand }: Variable, impossible: RegExp): void {
  if (!VARIABLE_NAME.test(name)) throw invalid(`${JSON.stringify(name)} is not a valid variable name`);
  // The values of the manifest have been checked when it was read; those of build arguments have not.
  if (impossible.test(value))
    throw invalid(`the value of ${name} contains a line break or NUL, which ENV does not support`);
  if (expand === true && hasUnknownExpansion(value)) {
    throw invalid(
      `${name} is ${JSON.stringify(value)}; only the forms \${NAME}, \${NAME:-word} and \${NAME:+word} are supported`,
    );
  }
}

function invalid(what: string): Failure {
  return new Failure("bento", `An environment variable of the Bento cannot be set: ${what}`, { code: "ValueInvalid" });
}
