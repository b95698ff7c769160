import type { Bento } from "../bento/bento.ts";
import { Failure } from "../errors.ts";
import { SHELL_VARIABLE_NAME, VARIABLE_NAME } from "../text/variable-name.ts";
import { ownValue } from "../values.ts";
import { hasUnknownExpansion } from "./dockerfile/quoting.ts";
import type { DeclaredSecret } from "./source.ts";
import type { Variable } from "./step.ts";

/** What becomes of the Bento's envs. */
export interface Variables {
  /** Stage `all`: set before the first step that could read them. */
  readonly all: readonly Variable[];
  /** Stage `runtime`: set when everything is built. */
  readonly runtime: readonly Variable[];
  /** Stage `build`: mounted while steps run. */
  readonly secrets: readonly DeclaredSecret[];
  /** Those without a value: not set, so that the server finds what is required and missing. */
  readonly unset: readonly string[];
}

/**
 * Sorts the Bento's envs by what the image does with them. Of equal names the last counts; a build argument of the same
 * name overrides a value, as BentoML's `ARG` allows. In spec 1 `docker.env` takes the place of all envs of stage `all`,
 * and names of variables in its values stay open, as BentoML writes them without quotes (templates/base.j2);
 * BentoML writes build-stage envs into it too, and so into the image: here they stay secrets.
 * @throws {Failure} bento/ValueInvalid for what no `ENV` can hold.
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
    if (!SHELL_VARIABLE_NAME.test(name)) throw invalid(`${name} cannot be a variable of a shell`);
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
  if (!VARIABLE_NAME.test(name)) throw invalid(`${JSON.stringify(name)} is no name of an environment variable`);
  // The reader has checked the manifest; a build argument comes from elsewhere.
  if (impossible.test(value)) throw invalid(`${name} has a line break or NUL in its value, which no ENV can hold`);
  if (expand === true && hasUnknownExpansion(value)) {
    throw invalid(
      `${name} is ${JSON.stringify(value)}; of \${…} only \${VARIABLE_NAME}, \${VARIABLE_NAME:-word} and \${VARIABLE_NAME:+word} are known`,
    );
  }
}

function invalid(what: string): Failure {
  return new Failure("bento", `An environment variable of the Bento cannot be set: ${what}`, { code: "ValueInvalid" });
}
