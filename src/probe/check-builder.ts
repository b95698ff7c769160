import { type Backend, type BuilderKeys, type Features, isAddress } from "../backends/backend.ts";
import { backendsSupporting, INPUT_OF, printRefusal, refusalOf, unsupportedBy } from "../commands/answers.ts";
import { ProgramMissing } from "../errors.ts";
import type { Env, Machine } from "../machine/machine.ts";
import { ownValue } from "../values.ts";

/** URL scheme → program that the tools need to reach the daemon. Source: https://github.com/moby/buildkit/tree/master/client/connhelper */
const PROGRAM_OF_SCHEME: Readonly<Record<string, string>> = {
  "kube-pod": "kubectl",
  "docker-container": "docker",
  "podman-container": "podman",
  "nerdctl-container": "nerdctl",
};

/**
 * Rejects values of the inputs `builder` and `builder-*` that the backend does not support, before any command is run.
 * @throws Failure `input` (code Unsupported), or `tool` for a missing program that the address needs.
 */
export async function checkBuilder(
  backend: Backend | "auto",
  { builder, keys }: { readonly builder: string; readonly keys: BuilderKeys | undefined },
  env: Env,
  { processes }: Pick<Machine, "processes">,
): Promise<void> {
  if (backend !== "auto") {
    const refusals = refusalsOf(backend, builder, keys);
    if (refusals.length > 0) throw unsupportedBy(backend, refusals);
  }
  if (!isAddress(builder)) return;
  for (const [, scheme = ""] of builder.matchAll(/^[ \t]*([a-z-]+):\/\//gm)) {
    const program = ownValue(PROGRAM_OF_SCHEME, scheme);
    if (program === undefined || (await processes.which(program, env["PATH"])) !== undefined) continue;
    throw new ProgramMissing(program, {
      message: `${program} is not on PATH; it is needed to reach ${scheme}:// addresses`,
      hint: `Install ${program} on the runner in a step before this one; it must be able to reach the builder by itself.`,
    });
  }
}

function refusalsOf(backend: Backend, builder: string, keys: BuilderKeys | undefined): readonly string[] {
  const features = { builder, ...(keys === undefined ? {} : { builderKeys: keys }) };
  const refusal = <F extends "builder" | "builderKeys">(name: F, value: Features[F]): readonly string[] => {
    const reason = refusalOf(backend, name, value, backend.assumed, features);
    return reason === undefined
      ? []
      : [printRefusal(INPUT_OF[name], reason, backendsSupporting(name, value, features, backend))];
  };
  return [...refusal("builder", builder), ...(keys === undefined ? [] : refusal("builderKeys", keys))];
}
