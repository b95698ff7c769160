/** The story of a run: decode, locate, derive, find an engine, compile, perform, verify, report. */
import type { Backend, Plan } from "./backends/backend.ts";
import { findBackend } from "./backends/index.ts";
import { locateBento } from "./bento/address.ts";
import type { Bento, LocatedModel } from "./bento/bento.ts";
import { readBento } from "./bento/bento-directory.ts";
import { locateModels } from "./bento/models.ts";
import { decodeInputs } from "./inputs/decode.ts";
import type { Inputs } from "./inputs/schema.ts";
import type { Registry } from "./registry/registry.ts";
import { outputsOf } from "./report/outputs.ts";
import type { Report } from "./report/report.ts";
import { openStopwatch } from "./report/stopwatch.ts";
import { summaryOf } from "./report/summary.ts";
import { readClaims } from "./result/claims.ts";
import { type BuildResult, type ImageDescription, settle } from "./result/result.ts";
import { compile } from "./script/compile.ts";
import { refuseExisting, removeOnFailure } from "./script/creations.ts";
import { shareCredentials } from "./script/credentials.ts";
import { toolEnvironment } from "./script/environment.ts";
import { deriveSource } from "./script/image-source.ts";
import { keepFiles } from "./script/kept-files.ts";
import { perform } from "./script/perform.ts";
import { makePlan } from "./script/plan.ts";
import { assumeBackend, type Found, findEngine } from "./script/probe.ts";
import { printScript, type Script } from "./script/script.ts";
import { declaredMounts, gatherSecrets, secretVariables } from "./script/secrets.ts";
import type { Env, World } from "./world/world.ts";

const TOOL = "bento-image";
const MINUTE = 60_000;

/** One run of the action. @throws Failure of the phase that fails; nothing half-made stays behind. */
export async function build(world: World): Promise<void> {
  const { inputs, notes } = decodeInputs(world.env);
  if (inputs.timeout !== undefined) world.cancelAfter(inputs.timeout * MINUTE);
  const dryRun = inputs.dryRun === true;
  const watch = openStopwatch(world.now);

  const { bento, models } = await watch.phase("read the Bento", () => readAll(inputs, world));
  const credentials = await shareCredentials(inputs.registryAuthFile, world);
  const env = toolEnvironment(world.env, secretVariables(inputs, bento), credentials.env);
  const { backend, engine, reason } = await watch.phase("ask the engine", () => findBackendFor(inputs, env, world));
  if (reason !== undefined) world.actions.info(`backend: auto is ${backend.name} here (${reason})`);

  const source = await deriveSource(inputs, bento, models, { link: backend.takesLinks(engine), tool: TOOL }, world);
  const directory = `${await world.files.scratch()}/secrets`;
  const secrets = await (dryRun ? declaredMounts : gatherSecrets)(inputs, source.secrets, directory, world);
  const kept = await watch.phase("write the Dockerfile", () => keepFiles(source, world));
  const paths = { ...kept, scratch: await world.files.scratch(), workspace: world.workspace };
  const plan = makePlan(inputs, bento, source, engine, secrets.mounts, paths);
  const script = compile(backend, plan, engine, secrets.files);

  if (!dryRun) await refuseExisting(script.creates, world.files);

  const buildAndVerify = async (): Promise<BuildResult> => {
    const registry = await loadRegistry(credentials.path, world);
    await watch.phase("build", () => perform(script, { world, registry, env, dockerfile: plan.dockerfile }));
    return watch.phase("verify", () => verify(script, plan, registry, world));
  };
  const result = dryRun ? NOTHING : await removeOnFailure(script.creates, world.files, buildAndVerify);
  const layout = plan.deliveries.find((delivery) => delivery.kind === "layout");
  const report: Report = {
    bento,
    models,
    backend: backend.name,
    engine,
    references: plan.references,
    pushed: inputs.push === true && !dryRun,
    dryRun,
    result,
    payload: source.payload,
    base: source.base,
    dockerfile: plan.dockerfile,
    commands: printScript(script),
    phases: watch.phases,
    notes: [...notes, ...source.notes, ...(engine.notes ?? [])],
    ...(layout === undefined || dryRun ? {} : { layout: layout.path }),
  };
  await tell(report, inputs.summary !== false, world);
}

const NOTHING: BuildResult = { platforms: [] };

async function readAll(inputs: Inputs, world: World): Promise<{ bento: Bento; models: readonly LocatedModel[] }> {
  const home = inputs.bentomlHome === undefined ? {} : { bentomlHome: inputs.bentomlHome };
  const bento = await readBento(await locateBento({ bento: inputs.bento, ...home }, world), world);
  return { bento, models: await locateModels(bento, { ...home, dryRun: inputs.dryRun === true }, world) };
}

async function findBackendFor(inputs: Inputs, env: Env, world: World): Promise<Found> {
  const choice: Backend | "auto" = findBackend(inputs.backend ?? "auto") ?? "auto";
  if (inputs.dryRun !== true) return findEngine(choice, inputs.builder, world, env);
  const backend = await assumeBackend(choice, inputs.builder, world);
  return {
    backend,
    engine: { ...backend.assumed, ...(inputs.builder === undefined ? {} : { builder: inputs.builder }) },
  };
}

/** Loaded when a build begins: refused inputs and dry runs have no use for it. */
async function loadRegistry(authFile: string | undefined, world: World): Promise<Registry> {
  const { openRegistry } = await import("./registry/registry.ts");
  return openRegistry(world, authFile === undefined ? {} : { authFile });
}

/** Reads back what every tag and the layout hold; they, not the tool, say what was built. */
async function verify(script: Script, plan: Plan, registry: Registry, world: World): Promise<BuildResult> {
  const seen: ImageDescription[] = [];
  for (const { kind, path } of script.evidence) {
    if (kind === "layout") seen.push(await registry.describeLayout(path));
    if (kind === "oci-archive") seen.push(await registry.describeArchive(path));
  }
  if (plan.deliveries.some(({ kind }) => kind === "push")) {
    const pushed = await registry.describe(plan.references[0]);
    await registry.verify(plan.references, pushed.digest);
    seen.push(pushed);
  }
  return settle(seen, await readClaims(script.evidence, world.files), plan.features.platforms ?? []);
}

async function tell(report: Report, withSummary: boolean, { actions }: World): Promise<void> {
  for (const note of report.notes) actions.notice(note);
  if (report.dryRun) for (const line of report.commands) actions.info(line);
  for (const [name, value] of Object.entries(outputsOf(report))) actions.setOutput(name, value);
  if (withSummary) await actions.writeSummary(summaryOf(report));
  const { digest, imageid } = report.result;
  if (!report.dryRun) actions.info(`Built ${report.references.length} tag(s): ${digest ?? imageid ?? ""}`);
}
