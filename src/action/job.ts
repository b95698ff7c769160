import type { Backend, Engine } from "../backends/backend.ts";
import type { Bento, LocatedModel } from "../bento/bento.ts";
import type { Inputs } from "../inputs/schema.ts";
import type { Env, Machine } from "../machine/machine.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { RegistryOptions } from "../registry/registries.ts";
import type { RetryPolicy } from "../registry/retry.ts";
import type { LayerReport, SizeChange, Traffic } from "../report/report.ts";
import type { Stopwatch } from "../report/stopwatch.ts";
import type { BuildResult } from "../result/result.ts";

/** Everything that is known before it is decided how the image is made. */
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
  /** How requests to registries are repeated; default: `RETRY_POLICY`. */
  readonly retryPolicy?: RetryPolicy;
}

/** The options of the registry client. */
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

/** What a job built, by either way. */
export interface BuildOutcome {
  readonly backend: string;
  /** Who made the layers, and why: for the summary. */
  readonly assembly: string;
  /** Where direct assembly got the environment from: `cached`, `built by docker`. */
  readonly environment?: string;
  readonly engine: Engine;
  /** The program that runs an image that was loaded. */
  readonly client: Backend["client"];
  /** Whether an identical image existed, and nothing was built. */
  readonly existed: boolean;
  /** Absent when the backend pushed the layers. */
  readonly traffic?: Traffic;
  readonly result: BuildResult;
  /** Absolute path of the Dockerfile. */
  readonly dockerfile: string;
  readonly base: string;
  readonly commands: readonly string[];
  /** The builder's cache, why it was chosen, and how many steps it had; absent when no builder ran. */
  readonly cache?: string;
  readonly payload: readonly LayerReport[];
  readonly changes: readonly SizeChange[];
  readonly notes: readonly string[];
}
