import type { Engine } from "../backends/backend.ts";
import type { Bento, LocatedModel } from "../bento/bento.ts";
import type { Inputs } from "../inputs/schema.ts";
import type { Env, Machine } from "../machine/machine.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { RegistryOptions } from "../registry/registries.ts";
import type { RetryPolicy } from "../registry/retry.ts";
import type { LayerReport, SizeChange } from "../report/report.ts";
import type { Stopwatch } from "../report/stopwatch.ts";
import type { BuildResult } from "../result/result.ts";

/** Everything that is settled before it is decided how the image is made. */
export interface Job {
  readonly inputs: Inputs;
  readonly bento: Bento;
  readonly models: readonly LocatedModel[];
  /** Undefined with a Dockerfile that is not ours. */
  readonly recipe: Recipe | undefined;
  /** Absolute path of the credentials file that the user named. */
  readonly authFile: string | undefined;
  /** The environment of every tool. */
  readonly env: Env;
  readonly watch: Stopwatch;
  readonly machine: Machine;
  /** How long registries are waited for; as `registry/retry.ts` has it when left out. */
  readonly retryPolicy?: RetryPolicy;
}

/** How registries are spoken to. */
export function registryOptions({
  authFile,
  inputs,
  retryPolicy,
}: Pick<Job, "authFile" | "inputs" | "retryPolicy">): RegistryOptions {
  return {
    plainHttp: inputs.insecureRegistries,
    ...(authFile === undefined ? {} : { authFile }),
    ...(retryPolicy === undefined ? {} : { retryPolicy }),
  };
}

/** What came of a job, by whichever way. */
export interface BuildOutcome {
  readonly backend: string;
  /** Who made the layers, and why. */
  readonly assembly: string;
  readonly engine: Engine;
  readonly result: BuildResult;
  /** Absolute path of the Dockerfile. */
  readonly dockerfile: string;
  readonly base: string;
  readonly commands: readonly string[];
  /** Where the builder's steps were looked for and kept, why, and how many were found; absent when no builder ran. */
  readonly cache?: string;
  readonly payload: readonly LayerReport[];
  readonly changes: readonly SizeChange[];
  readonly notes: readonly string[];
}
