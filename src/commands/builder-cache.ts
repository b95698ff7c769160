import { join } from "node:path";
import type { Cache } from "../backends/backend.ts";
import { Failure } from "../errors.ts";
import type { Inputs } from "../inputs/schema.ts";
import type { Env } from "../machine/machine.ts";
import { digestOf, hexOf } from "../oci/digest.ts";
import { type Platform, printPlatform } from "../oci/platform.ts";
import { printReference, type Reference, repositoryOf } from "../oci/reference.ts";

/** What decides about the cache, besides the inputs. */
export interface CacheContext {
  /** The Bento's name, without version. */
  readonly bento: string;
  readonly base: string;
  readonly platforms: readonly Platform[];
  /** The stage of the environment; undefined with a Dockerfile that is not ours. */
  readonly stage?: string;
  /** Whether the finished environment is stored in a registry, where the next build finds it without a builder. */
  readonly keepsEnvironment: boolean;
  /** The repository of the input environment-cache; default: that of the first tag. */
  readonly reference?: Reference;
  /** The first tag: an inline cache is part of the image itself. */
  readonly image?: Reference;
  /** Why `auto` must not use a cache in a registry. */
  readonly distrust?: string;
  readonly isPushed: boolean;
  /** Of the step, with the address of GitHub's cache service. */
  readonly env: Env;
  /** Why the backend cannot use the cache; undefined when it can. */
  refusalOf(cache: Cache): string | undefined;
}

export interface CacheChoice {
  readonly cache?: Cache;
  /** The choice and its reason, in one line. */
  readonly description: string;
}

type CacheInputs = Pick<Inputs, "cache" | "cacheFrom" | "cacheTo" | "dryRun">;

/** Of the 64 digits of a digest; enough that two caches never share a name. */
const SCOPE_DIGITS = 40;

/**
 * The cache that a build reads and writes. `auto`: the registry when the image is pushed, else GitHub's cache service
 * where it is reachable, else none; also none where nothing would be gained.
 * @throws Failure `input` when the requested cache is not available here.
 */
export function chooseCache(inputs: CacheInputs, context: CacheContext): CacheChoice {
  checkService(inputs, context);
  const { cache: kind = "off" } = inputs;
  if (kind === "off") return { description: "off" };
  if (kind === "auto") return chooseAutomatically(inputs, context);
  const cache = makeCache(kind, context);
  return { cache, description: `${printCache(cache)}, as requested` };
}

function chooseAutomatically({ cacheFrom, cacheTo }: CacheInputs, context: CacheContext): CacheChoice {
  const idle = reasonForNone(cacheFrom.length + cacheTo.length > 0, context);
  if (idle !== undefined) return { description: `off: ${idle}` };
  const refusals: string[] = [];
  for (const [kind, isHere, because] of [
    ["registry", context.isPushed && context.reference !== undefined, "the image is pushed there"],
    ["gha", hasService(context.env), "the runner has the service"],
  ] as const) {
    if (!isHere) continue;
    const cache = makeCache(kind, context);
    const refusal = (kind === "registry" ? context.distrust : undefined) ?? context.refusalOf(cache);
    if (refusal === undefined) return { cache, description: `${printCache(cache)}: ${because}` };
    refusals.push(`no ${kind}: ${refusal}`);
  }
  const nowhere = "nothing is pushed, and GitHub's cache service is not available";
  return { description: `off: ${refusals.length === 0 ? nowhere : refusals.join("; ")}` };
}

function reasonForNone(isGiven: boolean, { stage, keepsEnvironment }: CacheContext): string | undefined {
  if (isGiven) return "cache-from and cache-to are set";
  if (keepsEnvironment) return "the environment itself is cached in the registry";
  return stage === undefined ? "with your own Dockerfile, model weights cannot be told from the rest" : undefined;
}

/** The name of the cache: shared by builds of the same Bento, base image and platforms, and by no others. */
function scopeOf({ bento, base, platforms }: CacheContext): string {
  const key = digestOf(JSON.stringify([bento, base, ...platforms.map(printPlatform).sort()]));
  return `bento-cache-${hexOf(key).slice(0, SCOPE_DIGITS)}`;
}

function makeCache(kind: Exclude<NonNullable<Inputs["cache"]>, "auto" | "off">, context: CacheContext): Cache {
  const { reference, image, isPushed, env, stage } = context;
  const scope = scopeOf(context);
  const kept = { write: true, ...(stage === undefined ? {} : { stage }) };
  switch (kind) {
    case "registry":
      return { ...kept, kind, repository: repositoryOf(named(kind, reference)), tag: scope, write: isPushed };
    case "gha":
      if (stage === undefined) throw weightsTooBig();
      return { ...kept, kind, scope };
    case "local": {
      const home = env["XDG_CACHE_HOME"] || join(env["HOME"] || "/root", ".cache");
      return { ...kept, kind, directory: join(home, "bento-image", scope) };
    }
    case "inline":
      return { kind, image: named(kind, image), write: true };
  }
}

function named(kind: string, reference: Reference | undefined): Reference {
  if (reference !== undefined) return reference;
  throw new Failure("input", `cache: ${kind} is stored in the repository of the first tag, and there are no tags`, {
    hint: "Give tags, or another cache.",
  });
}

function weightsTooBig(): Failure {
  return new Failure(
    "input",
    "cache: gha would store the model weights, which your own Dockerfile does not separate from the rest",
    {
      code: "Unsupported",
      hint: "Use dockerfile: generated, another cache, or cache-to.",
    },
  );
}

function printCache(cache: Cache): string {
  switch (cache.kind) {
    case "registry":
      return `registry, ${printReference({ ...cache.repository, tag: cache.tag })}${cache.write ? "" : ", read only"}`;
    case "gha":
      return `gha, scope ${cache.scope}`;
    case "local":
      return `local, ${cache.directory}`;
    case "inline":
      return `inline, in ${printReference(cache.image)}`;
  }
}

const TOKEN = "ACTIONS_RUNTIME_TOKEN";

/** Source: https://github.com/actions/toolkit, packages/cache/src/internal/config.ts; steps of `run:` have none of them. */
function hasService(env: Env): boolean {
  return Boolean(env[TOKEN]) && Boolean(env["ACTIONS_RESULTS_URL"] || env["ACTIONS_CACHE_URL"]);
}

function usesService(
  { cacheFrom, cacheTo }: Pick<CacheInputs, "cacheFrom" | "cacheTo">,
  cache: Cache | undefined,
): boolean {
  return cache?.kind === "gha" || [...cacheFrom, ...cacheTo].some((line) => /(?:^|,)type=gha(?:,|$)/.test(line));
}

function checkService(inputs: CacheInputs, { env }: CacheContext): void {
  const isAsked = inputs.cache === "gha" || usesService(inputs, undefined);
  if (!isAsked || inputs.dryRun === true || hasService(env)) return;
  throw new Failure("input", "cache: GitHub's cache service is not available", {
    code: "CacheServiceMissing",
    lines: [`${TOKEN}, with ACTIONS_RESULTS_URL or ACTIONS_CACHE_URL, is not in the step's environment`],
    hint: "It exists on GitHub's runners only; elsewhere use cache: registry or cache: local.",
  });
}

/** Variables that only the tools of a build with GitHub's cache get: the token of the service. */
export function cacheVariables(
  inputs: Pick<CacheInputs, "cacheFrom" | "cacheTo">,
  cache: Cache | undefined,
  env: Env,
): Env {
  return usesService(inputs, cache) ? { [TOKEN]: env[TOKEN] } : {};
}
