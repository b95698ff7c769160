import type { Cache, Plan } from "./backends/backend.ts";
import type { ImageSource } from "./image/source.ts";
import { type Inputs, isPushed } from "./inputs/schema.ts";
import { type Job, type Outcome, registryOptions } from "./job.ts";
import { readBack } from "./read-back.ts";
import type { RegistryOptions } from "./registry/registries.ts";
import type { Registry } from "./registry/registry.ts";
import { refusalOf } from "./script/answers.ts";
import { withBuilderId } from "./script/attestations.ts";
import { type CacheChoice, type CacheGround, cacheVariables, chooseCache } from "./script/cache.ts";
import { cacheMountsOf } from "./script/cache-mounts.ts";
import { countCached } from "./script/cached-steps.ts";
import { compile } from "./script/compile.ts";
import { refuseExisting, removeOnFailure } from "./script/creations.ts";
import { keepFiles } from "./script/kept-files.ts";
import { makePlan } from "./script/plan.ts";
import { type Found, isLocalEngine } from "./script/probe.ts";
import { printScript } from "./script/script.ts";
import { declaredMounts, gatherSecrets } from "./script/secrets.ts";
import type { World } from "./world/world.ts";

/** A build by a backend: compiled, performed, and read back from where it went. On a dry run it is only compiled. */
export async function runBackend(
  job: Job,
  { backend, engine, env: own }: Found,
  inputs: Inputs,
  source: ImageSource,
  ground: Stages,
): Promise<Pick<Outcome, "result" | "dockerfile" | "commands" | "cache">> {
  const { watch, world } = job;
  const dryRun = inputs.dryRun === true;
  const scratch = await world.files.scratch();
  const secrets = await (dryRun ? declaredMounts : gatherSecrets)(inputs, source.secrets, `${scratch}/secrets`, world);
  const written = await watch.phase("write the Dockerfile", () => keepFiles(source, world));
  const paths = { ...written, scratch, kept: await world.files.kept(), workspace: world.workspace };
  const bare = makePlan(withBuilderId(inputs, own), job.bento, source, engine, secrets.mounts, paths);
  const choice = cacheFor(bare, job, { backend, engine }, inputs, { ...ground, base: source.base });
  const plan = withCacheMounts(withCache(bare, choice.cache), { backend, engine, env: own }, job);
  const script = compile(backend, plan, engine, secrets.files);
  const told = { dockerfile: plan.dockerfile, commands: printScript(script) };
  if (dryRun) return { ...told, result: { platforms: [] } };

  if (inputs.cache !== undefined) world.actions.info(`cache: ${inputs.cache} is ${choice.told}`);
  const hits = countCached(backend.cachedStep);
  const env = { ...own, ...cacheVariables(inputs, choice.cache, world.env) };
  await refuseExisting(script.creates, world.files);
  if (isLocalEngine(undefined, env) && /^[ \t]*RUN\s/im.test(source.dockerfile)) {
    const { checkEmulation } = await import("./script/emulation.ts");
    await checkEmulation(plan.features.platforms ?? [], engine, world.files);
  }
  const result = await removeOnFailure(script.creates, world.files, async () => {
    const registry = await loadRegistry(registryOptions({ ...job, inputs }), world);
    const { perform } = await import("./script/perform.ts");
    const performance = { world, registry, env, dockerfile: plan.dockerfile, onLine: hits.onLine };
    await watch
      .phase("build", () => perform(script, performance))
      .catch(async (error: unknown) => {
        const { nameSilent } = await import("./script/autopsy.ts");
        throw await nameSilent(error, { backend, engine, env }, world, plan.features.builderKeys);
      });
    return watch.phase("verify", () => readBack(script, plan, registry, world));
  });
  const cache = `${choice.told}; ${hits.print()}`;
  if (inputs.cache !== undefined) world.actions.info(`cache: ${hits.print()}`);
  return { ...told, result, ...(inputs.cache === undefined ? {} : { cache }) };
}

function withCache(plan: Plan, cache: Cache | undefined): Plan {
  return cache === undefined ? plan : { ...plan, features: { ...plan.features, cache } };
}

/** Only where the backend can: a long-lived builder of the others is for jobs of one trust alone. */
function withCacheMounts(plan: Plan, { backend, engine, env }: Found, { inputs, world }: Job): Plan {
  const isLocal = isLocalEngine(inputs.builder, env);
  const cacheMounts = cacheMountsOf(world.env, plan.features.buildArgs ?? {}, isLocal);
  if (cacheMounts === undefined || refusalOf(backend, "cacheMounts", cacheMounts, engine, plan.features) !== undefined)
    return plan;
  return { ...plan, features: { ...plan.features, cacheMounts } };
}

/** Loaded when a build begins: refused inputs and dry runs have no use for it. */
async function loadRegistry(options: RegistryOptions, world: World): Promise<Registry> {
  const { openRegistry } = await import("./registry/registry.ts");
  return openRegistry(world, options);
}

/** What there is to keep of a build. */
type Stages = Pick<CacheGround, "stage" | "keepsEnvironment">;

function cacheFor(
  plan: Plan,
  job: Job,
  { backend, engine }: Pick<Found, "backend" | "engine">,
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
    env: job.world.env,
    refusalOf: (cache) => refusalOf(backend, "cache", cache, engine, plan.features),
    ...(reference === undefined ? {} : { reference }),
    ...(image === undefined ? {} : { image }),
    ...(distrust === undefined ? {} : { distrust }),
  });
}
