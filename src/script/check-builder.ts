import { type Backend, type BuilderKeys, type Features, isAddress } from "../backends/backend.ts";
import { ProgramMissing } from "../errors.ts";
import { ownValue } from "../own-value.ts";
import type { Env, World } from "../world/world.ts";
import { INPUT_OF, printRefusal, refusalOf, unsupportedBy, whoCan } from "./answers.ts";

/** The programs by which the tools reach a daemon. Source: https://github.com/moby/buildkit/tree/master/client/connhelper */
const CARRIERS: Readonly<Record<string, string>> = {
  "kube-pod": "kubectl",
  "docker-container": "docker",
  "podman-container": "podman",
  "nerdctl-container": "nerdctl",
};

/**
 * Refuses what the backend cannot do with the inputs `builder` and `builder-*` before anything is asked or made.
 * @throws Failure `input` (code Unsupported), or `tool` for a program by which the address is reached.
 */
export async function checkBuilder(
  backend: Backend | "auto",
  { builder, keys }: { readonly builder: string; readonly keys: BuilderKeys | undefined },
  env: Env,
  { processes }: Pick<World, "processes">,
): Promise<void> {
  if (backend !== "auto") {
    const refusals = refusalsOf(backend, builder, keys);
    if (refusals.length > 0) throw unsupportedBy(backend, refusals);
  }
  if (!isAddress(builder)) return;
  for (const [, scheme = ""] of builder.matchAll(/^[ \t]*([a-z-]+):\/\//gm)) {
    const program = ownValue(CARRIERS, scheme);
    if (program === undefined || (await processes.which(program, env["PATH"])) !== undefined) continue;
    throw new ProgramMissing(program, {
      message: `${program} is not on PATH, by which ${scheme}:// is reached`,
      hint: `Install ${program} on the runner in a step before this one; it must be able to reach the builder by itself.`,
    });
  }
}

function refusalsOf(backend: Backend, builder: string, keys: BuilderKeys | undefined): readonly string[] {
  const features = { builder, ...(keys === undefined ? {} : { builderKeys: keys }) };
  const refusal = <F extends "builder" | "builderKeys">(name: F, value: Features[F]): readonly string[] => {
    const reason = refusalOf(backend, name, value, backend.assumed, features);
    return reason === undefined ? [] : [printRefusal(INPUT_OF[name], reason, whoCan(name, value, features, backend))];
  };
  return [...refusal("builder", builder), ...(keys === undefined ? [] : refusal("builderKeys", keys))];
}
