import type { Cache, Command, Plan } from "./backends/backend.ts";
import { Failure } from "./errors.ts";
import { fetchRemote } from "./fetch-remote.ts";
import type { Digest } from "./image/digest.ts";
import { ENVIRONMENT_STAGE } from "./image/dockerfile.ts";
import { distinctRepositories, type Reference, withDigest } from "./image/reference.ts";
import type { ImageSource } from "./image/source.ts";
import { type Inputs, isPushed } from "./inputs/schema.ts";
import { type Job, type Outcome, registryOptions } from "./job.ts";
import { readyEngine } from "./ready.ts";
import type { RegistryOptions } from "./registry/registries.ts";
import type { Registry } from "./registry/registry.ts";
import { readClaims } from "./result/claims.ts";
import { type BuildResult, type ImageDescription, settle } from "./result/result.ts";
import { refusalOf } from "./script/answers.ts";
import { withBuilderId } from "./script/attestations.ts";
import { builderKeyFiles } from "./script/builder-keys.ts";
import { type CacheGround, cacheVariables, chooseCache } from "./script/cache.ts";
import { compile } from "./script/compile.ts";
import { refuseExisting, removeOnFailure } from "./script/creations.ts";
import { checkEmulation } from "./script/emulation.ts";
import { deriveSource } from "./script/image-source.ts";
import { keepFiles } from "./script/kept-files.ts";
import { perform } from "./script/perform.ts";
import { makePlan } from "./script/plan.ts";
import { type Found, isLocalEngine } from "./script/probe.ts";
import { printScript, type Script } from "./script/script.ts";
import { declaredMounts, gatherSecrets } from "./script/secrets.ts";
import type { World } from "./world/world.ts";

/** The backend makes the whole image: one Dockerfile, and the payload by named contexts. */
export async function buildThroughBackend(job: Job, because: string): Promise<Outcome> {
  const { inputs, watch, world } = job;
  world.actions.info(`The backend makes the whole image: ${because}`);
  const found = await watch.phase("ask the engine", () => readyEngine(job));
  const { backend, engine } = found;
  if (inputs.dryRun !== true) await fetchRemote(job, "the backend reads them from the disk");
  const source = await deriveSource(job, { link: backend.takesLinks(engine) }, world);
  const stage = job.recipe === undefined ? {} : { stage: ENVIRONMENT_STAGE };
  const build = await runBackend(job, found, inputs, source, { ...stage, keepsEnvironment: false });
  return {
    ...build,
    backend: backend.name,
    assembly: `by the backend: ${because}`,
    engine,
    base: source.base,
    payload: source.payload.map((title) => ({ title })),
    changes: [],
    notes: [...source.notes, ...(engine.notes ?? [])],
  };
}

/** A build by a backend: compiled, performed, and read back from where it went. On a dry run it is only compiled. */
export async function runBackend(
  job: Job,
  { backend, engine, env: own }: Found,
  inputs: Inputs,
  source: ImageSource,
  ground: Pick<CacheGround, "stage" | "keepsEnvironment">,
): Promise<Pick<Outcome, "result" | "dockerfile" | "commands" | "cache">> {
  const { watch, world } = job;
  const dryRun = inputs.dryRun === true;
  const scratch = await world.files.scratch();
  const secrets = await (dryRun ? declaredMounts : gatherSecrets)(inputs, source.secrets, `${scratch}/secrets`, world);
  const written = await watch.phase("write the Dockerfile", () => keepFiles(source, world));
  const paths = { ...written, scratch, kept: await world.files.kept(), workspace: world.workspace };
  const bare = makePlan(withBuilderId(inputs, own), job.bento, source, engine, secrets.mounts, paths);
  const [reference] = job.inputs.tags;
  const choice = chooseCache(inputs, {
    ...ground,
    bento: job.bento.tag.name,
    base: source.base,
    platforms: bare.features.platforms ?? [],
    isPushed: isPushed(job.inputs),
    env: world.env,
    refusalOf: (cache) => refusalOf(backend, "cache", cache, engine),
    ...(reference === undefined ? {} : { reference }),
  });
  const plan = withCache(bare, choice.cache);
  const files = [...secrets.files, ...builderKeyFiles(inputs, scratch).files];
  const script = compile(backend, plan, engine, files);
  const told = { dockerfile: plan.dockerfile, commands: printScript(script) };
  if (dryRun) return { ...told, result: { platforms: [] } };

  if (inputs.cache !== undefined) world.actions.info(`cache: ${inputs.cache} is ${choice.told}`);
  const hits = countCached(backend.cachedStep);
  const env = { ...own, ...cacheVariables(inputs, choice.cache, world.env) };
  await refuseExisting(script.creates, world.files);
  if (isLocalEngine(undefined, env) && /^\s*RUN\s/im.test(source.dockerfile)) {
    await checkEmulation(plan.features.platforms ?? [], engine, world.files);
  }
  const result = await removeOnFailure(script.creates, world.files, async () => {
    const registry = await loadRegistry(registryOptions({ ...job, inputs }), world);
    const performance = { world, registry, env, dockerfile: plan.dockerfile, onLine: hits.onLine };
    await watch.phase("build", () => perform(script, performance));
    return watch.phase("verify", () => verify(script, plan, registry, world));
  });
  const cache = `${choice.told}; ${hits.print()}`;
  if (inputs.cache !== undefined) world.actions.info(`cache: ${hits.print()}`);
  return { ...told, result, ...(inputs.cache === undefined ? {} : { cache }) };
}

function withCache(plan: Plan, cache: Cache | undefined): Plan {
  return cache === undefined ? plan : { ...plan, features: { ...plan.features, cache } };
}

/** Counts in the first command alone: those after it find what it left. */
function countCached(line: RegExp): { readonly onLine: (command: Command, text: string) => void; print(): string } {
  let first: Command | undefined;
  let count = 0;
  return {
    onLine(command, text) {
      first ??= command;
      if (command === first && line.test(text)) count += 1;
    },
    print: () => `${count === 1 ? "1 step was" : `${count} steps were`} taken from a cache`,
  };
}

/** Where the image must be now: under the tags, or under the digest that was pushed. */
function pushedTo({ deliveries, references }: Plan, digest: Digest | undefined): readonly Reference[] {
  if (deliveries.some(({ kind }) => kind === "push")) return references;
  if (!deliveries.some(({ kind }) => kind === "push-by-digest")) return [];
  if (digest === undefined) throw new Failure("internal", "a build pushed an image by digest and told no digest");
  return distinctRepositories(references).map((repository) => withDigest(repository, digest));
}

/** Loaded when a build begins: refused inputs and dry runs have no use for it. */
async function loadRegistry(options: RegistryOptions, world: World): Promise<Registry> {
  const { openRegistry } = await import("./registry/registry.ts");
  return openRegistry(world, options);
}

/** Reads back what every tag and the layout hold; they, not the tool, say what was built. */
async function verify(script: Script, plan: Plan, registry: Registry, world: World): Promise<BuildResult> {
  const seen: ImageDescription[] = [];
  for (const { kind, path } of script.evidence) {
    if (kind === "layout") seen.push(await registry.describeLayout(path));
    if (kind === "oci-archive") seen.push(await registry.describeArchive(path));
  }
  const claims = await readClaims(script.evidence, world.files);
  const [first, ...others] = pushedTo(plan, seen[0]?.digest ?? claims.root);
  if (first !== undefined) {
    const pushed = await registry.describe(first);
    await registry.verify([first, ...others], pushed.digest);
    seen.push(pushed);
  }
  return settle(seen, claims, plan.features.platforms ?? []);
}
