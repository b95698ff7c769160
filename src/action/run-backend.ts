import type { Cache, Plan } from "../backends/backend.ts";
import { refusalOf } from "../commands/answers.ts";
import { withBuilderId } from "../commands/attestations.ts";
import { type CacheChoice, type CacheGround, cacheVariables, chooseCache } from "../commands/builder-cache.ts";
import { cacheMountsOf } from "../commands/cache-mounts.ts";
import { countCached } from "../commands/cached-steps.ts";
import { compile } from "../commands/compile.ts";
import { refuseExisting, removeOnFailure } from "../commands/creations.ts";
import { declaredMounts, gatherSecrets } from "../commands/gather-secrets.ts";
import { keepFiles } from "../commands/kept-files.ts";
import { makePlan } from "../commands/plan.ts";
import { readBack } from "../commands/read-back.ts";
import { printScript } from "../commands/script.ts";
import { type Inputs, isPushed } from "../inputs/schema.ts";
import type { Machine } from "../machine/machine.ts";
import { type EngineSelection, isLocalEngine } from "../probe/probe.ts";
import type { ImageSource } from "../recipe/source.ts";
import type { RegistryOptions } from "../registry/registries.ts";
import type { Registry } from "../registry/registry.ts";
import { type BuildOutcome, type Job, registryOptions } from "./job.ts";

/** A build by a backend: compiled, performed, and read back from where it went. On a dry run it is only compiled. */
export async function runBackend(
  job: Job,
  { backend, engine, env: own }: EngineSelection,
  inputs: Inputs,
  source: ImageSource,
  ground: Stages,
): Promise<Pick<BuildOutcome, "result" | "dockerfile" | "commands" | "cache">> {
  const { watch, machine } = job;
  const dryRun = inputs.dryRun === true;
  const scratch = await machine.files.scratch();
  const secrets = await (dryRun ? declaredMounts : gatherSecrets)(
    inputs,
    source.secrets,
    `${scratch}/secrets`,
    machine,
  );
  const written = await watch.phase("write the Dockerfile", () => keepFiles(source, machine));
  const paths = { ...written, scratch, kept: await machine.files.kept(), workspace: machine.workspace };
  const bare = makePlan(withBuilderId(inputs, own), job.bento, source, engine, secrets.mounts, paths);
  const choice = cacheFor(bare, job, { backend, engine }, inputs, { ...ground, base: source.base });
  const plan = withCacheMounts(withCache(bare, choice.cache), { backend, engine, env: own }, job);
  const script = compile(backend, plan, engine, secrets.files);
  const told = { dockerfile: plan.dockerfile, commands: printScript(script) };
  if (dryRun) return { ...told, result: { platforms: [] } };

  if (inputs.cache !== undefined) machine.actions.info(`cache: ${inputs.cache} is ${choice.told}`);
  const hits = countCached(backend.cachedStep);
  const env = { ...own, ...cacheVariables(inputs, choice.cache, machine.env) };
  await refuseExisting(script.creates, machine.files);
  if (isLocalEngine(undefined, env) && /^[ \t]*RUN\s/im.test(source.dockerfile)) {
    const { checkEmulation } = await import("../probe/emulation.ts");
    await checkEmulation(plan.features.platforms ?? [], engine, machine.files);
  }
  const result = await removeOnFailure(script.creates, machine.files, async () => {
    const registry = await loadRegistry(registryOptions({ ...job, inputs }), machine);
    const { execute } = await import("../commands/execute.ts");
    const context = { machine, registry, env, dockerfile: plan.dockerfile, onLine: hits.onLine };
    await watch
      .phase("build", () => execute(script, context))
      .catch(async (error: unknown) => {
        const { describeUnreachable } = await import("../probe/diagnose-nodes.ts");
        throw await describeUnreachable(error, { backend, engine, env }, machine, plan.features.builderKeys);
      });
    return watch.phase("verify", () => readBack(script, plan, registry, machine));
  });
  const cache = `${choice.told}; ${hits.print()}`;
  if (inputs.cache !== undefined) machine.actions.info(`cache: ${hits.print()}`);
  return { ...told, result, ...(inputs.cache === undefined ? {} : { cache }) };
}

function withCache(plan: Plan, cache: Cache | undefined): Plan {
  return cache === undefined ? plan : { ...plan, features: { ...plan.features, cache } };
}

/** Only where the backend can: a long-lived builder of the others is for jobs of one trust alone. */
function withCacheMounts(plan: Plan, { backend, engine, env }: EngineSelection, { inputs, machine }: Job): Plan {
  const isLocal = isLocalEngine(inputs.builder, env);
  const cacheMounts = cacheMountsOf(machine.env, plan.features.buildArgs ?? {}, isLocal);
  if (cacheMounts === undefined || refusalOf(backend, "cacheMounts", cacheMounts, engine) !== undefined) return plan;
  return { ...plan, features: { ...plan.features, cacheMounts } };
}

/** Loaded when a build begins: refused inputs and dry runs have no use for it. */
async function loadRegistry(options: RegistryOptions, machine: Machine): Promise<Registry> {
  const { openRegistry } = await import("../registry/registry.ts");
  return openRegistry(machine, options);
}

/** What there is to keep of a build. */
type Stages = Pick<CacheGround, "stage" | "keepsEnvironment">;

function cacheFor(
  plan: Plan,
  job: Job,
  { backend, engine }: Pick<EngineSelection, "backend" | "engine">,
  inputs: Inputs,
  ground: Stages & Pick<CacheGround, "base">,
): CacheChoice {
  const { environmentCache, cacheKey, tags } = job.inputs;
  const named = environmentCache === "off" ? undefined : environmentCache;
  const [image] = tags;
  const reference = named ?? image;
  const distrust =
    environmentCache === "off"
      ? "environment-cache: off"
      : cacheKey && "what a builder keeps there cannot be signed with cache-key";
  return chooseCache(inputs, {
    ...ground,
    bento: job.bento.tag.name,
    platforms: plan.features.platforms ?? [],
    isPushed: isPushed(job.inputs),
    env: job.machine.env,
    refusalOf: (cache) => refusalOf(backend, "cache", cache, engine),
    ...(reference === undefined ? {} : { reference }),
    ...(image === undefined ? {} : { image }),
    ...(distrust === undefined ? {} : { distrust }),
  });
}
