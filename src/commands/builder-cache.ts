import { join } from "node:path";
import type { Cache } from "../backends/backend.ts";
import { Failure } from "../errors.ts";
import type { Inputs } from "../inputs/schema.ts";
import type { Env } from "../machine/machine.ts";
import { digestOf, hexOf } from "../oci/digest.ts";
import { type Platform, printPlatform } from "../oci/platform.ts";
import { printReference, type Reference, repositoryOf } from "../oci/reference.ts";

/** What decides about the cache besides the input. */
export interface CacheContext {
  /** The Bento's name, without version. */
  readonly bento: string;
  readonly base: string;
  readonly platforms: readonly Platform[];
  /** The stage of the environment; undefined with a Dockerfile that is not ours. */
  readonly stage?: string;
  /** Whether the environment is kept whole, where the next build finds it without a builder. */
  readonly keepsEnvironment: boolean;
  /** In the repository that the inputs name for what is cached, else that of the first tag. */
  readonly reference?: Reference;
  /** The first tag: an inline cache is part of the image itself. */
  readonly image?: Reference;
  /** Why no cache in a registry is believed unasked. */
  readonly distrust?: string;
  readonly isPushed: boolean;
  /** Of the step: the runner tells there where its cache service is. */
  readonly env: Env;
  /** Why the backend cannot use it; undefined when it can. */
  refusalOf(cache: Cache): string | undefined;
}

export interface CacheChoice {
  readonly cache?: Cache;
  /** What was chosen and why, in one line. */
  readonly description: string;
}

type CacheInputs = Pick<Inputs, "cache" | "cacheFrom" | "cacheTo" | "dryRun">;

/** Of 64 digits; enough that two caches never share a name. */
const SCOPE_DIGITS = 40;

/**
 * Where a build's steps are looked for and kept. `auto` takes the registry when the image is pushed, else GitHub's
 * service where it is within reach, else none; and none where nothing would be gained.
 * @throws Failure `input` when the input asks for a cache that cannot be here.
 */
export function chooseCache(inputs: CacheInputs, context: CacheContext): CacheChoice {
  checkService(inputs, context);
  const { cache: kind = "off" } = inputs;
  if (kind === "off") return { description: "off" };
  if (kind === "auto") return chooseAutomatically(inputs, context);
  const cache = makeCache(kind, context);
  return { cache, description: `${printCache(cache)}, as asked` };
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
  const nowhere = "nothing is pushed, and GitHub's cache service is not here";
  return { description: `off: ${refusals.length === 0 ? nowhere : refusals.join("; ")}` };
}

function reasonForNone(isGiven: boolean, { stage, keepsEnvironment }: CacheContext): string | undefined {
  if (isGiven) return "cache-from and cache-to say what to use";
  if (keepsEnvironment) return "the environment itself is kept in the registry";
  return stage === undefined ? "in a Dockerfile of another make, weights cannot be told from the rest" : undefined;
}

/** Names that do not clash: builds of the same Bento, base image and platforms share what they keep, others do not. */
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
  throw new Failure("input", `cache: ${kind} lies in the repository of the first tag, and there are no tags`, {
    hint: "Give tags, or another cache.",
  });
}

function weightsTooBig(): Failure {
  return new Failure(
    "input",
    "cache: gha would take the weights, which a Dockerfile of another make mixes with the rest",
    {
      code: "Unsupported",
      hint: "Give dockerfile: generated, another cache, or say it yourself in cache-to.",
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
  throw new Failure("input", "cache: GitHub's cache service is not here", {
    code: "CacheServiceMissing",
    lines: [`${TOKEN}, with ACTIONS_RESULTS_URL or ACTIONS_CACHE_URL, is not in the step's environment`],
    hint: "It is on GitHub's runners; elsewhere give cache: registry or cache: local.",
  });
}

/** What the tools of a build with the cache find in their environment besides: the token of the service, which no other build gets. */
export function cacheVariables(
  inputs: Pick<CacheInputs, "cacheFrom" | "cacheTo">,
  cache: Cache | undefined,
  env: Env,
): Env {
  return usesService(inputs, cache) ? { [TOKEN]: env[TOKEN] } : {};
}
