import type { Cache, Plan } from "../backends/backend.ts";
import { refusalOf } from "../commands/answers.ts";
import { withBuilderId } from "../commands/attestations.ts";
import { type CacheChoice, type CacheContext, cacheVariables, chooseCache } from "../commands/builder-cache.ts";
import { cacheMountsOf } from "../commands/cache-mounts.ts";
import { countCached } from "../commands/cached-steps.ts";
import { compile } from "../commands/compile.ts";
import { refuseExisting, removeOnFailure } from "../commands/creations.ts";
import { execute } from "../commands/execute.ts";
import { declaredMounts, gatherSecrets } from "../commands/gather-secrets.ts";
import { keepFiles, keptPaths } from "../commands/kept-files.ts";
import { makePlan } from "../commands/plan.ts";
import { readBack } from "../commands/read-back.ts";
import { printScript, type Script } from "../commands/script.ts";
import { type Inputs, isPushed } from "../inputs/schema.ts";
import type { Env } from "../machine/machine.ts";
import { describeUnreachable } from "../probe/diagnose-nodes.ts";
import { checkEmulation } from "../probe/emulation.ts";
import { type EngineSelection, isLocalEngine, isLocalSelection } from "../probe/probe.ts";
import type { ImageSource } from "../recipe/source.ts";
import { openRegistry } from "../registry/registry.ts";
import { openStopwatch } from "../report/stopwatch.ts";
import type { BuildResult } from "../result/result.ts";
import { type BuildOutcome, type Job, registryOptions } from "./job.ts";
import { showDockerfile } from "./opening.ts";

/** What is to be built, and what of it is kept for the next build. */
export interface BackendRequest extends Pick<CacheContext, "stage" | "keepsEnvironment"> {
  readonly inputs: Inputs;
  readonly source: ImageSource;
}

/** What a backend built, and how. */
export type BackendBuild = Pick<BuildOutcome, "result" | "dockerfile" | "commands" | "cache">;

/** A build whose command lines are settled. */
interface PlannedBuild {
  readonly plan: Plan;
  readonly script: Script;
  readonly cache: CacheChoice;
  /** The environment of every tool. */
  readonly env: Env;
}

/**
 * One build by a backend: planned, checked against the machine, executed, and read back from where the image went. A dry
 * run ends with the plan: its commands are printed, and nothing is executed.
 * @throws Failure `input` of a plan that the backend refuses; `platform` where steps cannot run; of the build; of what is
 * read back. Nothing half-made stays.
 */
export async function runBackend(job: Job, selection: EngineSelection, request: BackendRequest): Promise<BackendBuild> {
  const { inputs } = request;
  const planned = await planBuild(job, selection, request);
  const printed = { dockerfile: planned.plan.dockerfile, commands: printScript(planned.script) };
  if (inputs.dryRun === true) return { ...printed, result: { platforms: [] } };
  if (job.recipe !== undefined) showDockerfile(request.source.dockerfile, job.machine.actions);
  const hits = countCached(selection.backend.cachedStep);
  const report = (line: string): void => {
    if (inputs.cache !== undefined) job.machine.actions.info(`cache: ${line}`);
  };
  report(`${inputs.cache} is ${planned.cache.description}`);
  await checkMachine(job, selection, request, planned);
  const result = await executeAndReadBack(job, selection, request, planned, hits.onLine);
  report(hits.print());
  const cache = `${planned.cache.description}; ${hits.print()}`;
  return { ...printed, result, ...(inputs.cache === undefined ? {} : { cache }) };
}

/** Plans the build and writes nothing. @throws Failure `input`, code Unsupported, of a plan that the backend refuses. */
export async function checkPlan(job: Job, selection: EngineSelection, request: BackendRequest): Promise<void> {
  const watch = openStopwatch();
  const inputs = { ...request.inputs, dryRun: true };
  await planBuild({ ...job, watch }, selection, { ...request, inputs }, keptPaths);
}

async function planBuild(
  job: Job,
  selection: EngineSelection,
  request: BackendRequest,
  keep = keepFiles,
): Promise<PlannedBuild> {
  const { watch, machine } = job;
  const { backend, engine, env } = selection;
  const { inputs, source } = request;
  const scratch = await machine.files.scratch();
  const gather = inputs.dryRun === true ? declaredMounts : gatherSecrets;
  const secrets = await gather(inputs, source.secrets, `${scratch}/secrets`, machine);
  const written = await watch.phase("write the Dockerfile", () => keep(source, machine));
  const paths = { ...written, scratch, kept: await machine.files.kept(), workspace: machine.workspace };
  const bare = makePlan(withBuilderId(inputs, env), job.bento, source, engine, secrets.mounts, paths);
  const cache = cacheFor(bare, job, selection, request);
  const plan = withCacheMounts(withCache(bare, cache.cache), selection, job);
  const script = compile(backend, plan, engine, secrets.files);
  return { plan, script, cache, env: { ...env, ...cacheVariables(inputs, cache.cache, machine.env) } };
}

/** What would fail late, or in a tool's own words. @throws Failure `input`, code OutputExists; `platform`. */
async function checkMachine(
  { machine }: Job,
  { engine }: EngineSelection,
  { source }: BackendRequest,
  { plan, script, env }: PlannedBuild,
): Promise<void> {
  await refuseExisting(script.creates, machine.files);
  if (!isLocalEngine(undefined, env) || !/^[ \t]*RUN\s/im.test(source.dockerfile)) return;
  await checkEmulation(plan.features.platforms ?? [], engine, machine.files);
}

async function executeAndReadBack(
  job: Job,
  selection: EngineSelection,
  { inputs }: BackendRequest,
  { plan, script, env }: PlannedBuild,
  onLine: ReturnType<typeof countCached>["onLine"],
): Promise<BuildResult> {
  const { watch, machine } = job;
  return removeOnFailure(script.creates, machine.files, async () => {
    const registry = openRegistry(machine, registryOptions({ ...job, inputs }));
    const context = { machine, registry, env, dockerfile: plan.dockerfile, onLine };
    await watch
      .phase("build", () => execute(script, context))
      .catch(async (error: unknown) => {
        throw await describeUnreachable(error, { ...selection, env }, machine, plan.features.builderKeys);
      });
    return watch.phase("verify", () => readBack(script, plan, registry, machine));
  });
}

function withCache(plan: Plan, cache: Cache | undefined): Plan {
  return cache === undefined ? plan : { ...plan, features: { ...plan.features, cache } };
}

/** Only where the backend supports it: a long-lived builder of the others serves jobs of one trust alone. */
function withCacheMounts(plan: Plan, selection: EngineSelection, { inputs, machine }: Job): Plan {
  const { backend, engine } = selection;
  const isLocal = isLocalSelection(selection, inputs.builder);
  const cacheMounts = cacheMountsOf(machine.env, plan.features.buildArgs ?? {}, isLocal);
  if (cacheMounts === undefined || refusalOf(backend, "cacheMounts", cacheMounts, engine, plan.features) !== undefined)
    return plan;
  return { ...plan, features: { ...plan.features, cacheMounts } };
}

function cacheFor(
  plan: Plan,
  job: Job,
  { backend, engine }: EngineSelection,
  { inputs, source, stage, keepsEnvironment }: BackendRequest,
): CacheChoice {
  const { environmentCache, cacheKey, tags } = job.inputs;
  const named = environmentCache === "off" ? undefined : environmentCache;
  const [image] = tags;
  const reference = named ?? image;
  const distrust =
    environmentCache === "off"
      ? "environment-cache: off"
      : cacheKey && "what a builder stores there cannot be signed with cache-key";
  return chooseCache(inputs, {
    keepsEnvironment,
    base: source.base,
    bento: job.bento.tag.name,
    platforms: plan.features.platforms ?? [],
    isPushed: isPushed(job.inputs),
    env: job.machine.env,
    refusalOf: (cache) => refusalOf(backend, "cache", cache, engine, plan.features),
    ...(stage === undefined ? {} : { stage }),
    ...(reference === undefined ? {} : { reference }),
    ...(image === undefined ? {} : { image }),
    ...(distrust === undefined ? {} : { distrust }),
  });
}
