/** The story of a run: decode the inputs, read the Bento, choose who makes the image, make it, report. */
import { join, resolve } from "node:path/posix";
import { chooseAssembly } from "../assembly/choice.ts";
import { locateBento } from "../bento/address.ts";
import type { Bento, LocatedModel } from "../bento/bento.ts";
import { readBento } from "../bento/bento-directory.ts";
import { locateModels } from "../bento/models.ts";
import { maskSecrets, refuseSecretArguments, secretVariables } from "../commands/gather-secrets.ts";
import { deriveRecipe } from "../commands/image-source.ts";
import { layoutPath, referencesOf } from "../commands/plan.ts";
import { shareCredentials } from "../commands/share-credentials.ts";
import { toolEnvironment } from "../commands/tool-environment.ts";
import { decodeInputs } from "../inputs/decode.ts";
import { checkInputDirectories } from "../inputs/input-file.ts";
import { type Inputs, isPushed } from "../inputs/schema.ts";
import { MIN_OWN_LAYER_SIZE } from "../layers/split.ts";
import type { Machine } from "../machine/machine.ts";
import { digestFileOf } from "../report/digest-file.ts";
import { outputsOf } from "../report/outputs.ts";
import type { Report } from "../report/report.ts";
import { openStopwatch } from "../report/stopwatch.ts";
import { declareSubjects } from "../report/subjects.ts";
import { dryRunSummary, summaryOf } from "../report/summary.ts";

import { closingOf } from "./closing.ts";
import type { Job } from "./job.ts";
import { openingOf, printModels } from "./opening.ts";
import { usageOf } from "./usage.ts";

const TOOL = "bento-image";
const MINUTE = 60_000;

/** One run of the action. @throws Failure of the phase that fails; nothing half-made stays behind. */
export async function build(machine: Machine): Promise<void> {
  const { inputs, notes } = await decodeInputs(machine.env);
  if (inputs.timeout !== undefined) machine.cancelAfter(inputs.timeout * MINUTE);
  const watch = openStopwatch();
  await checkInputDirectories(inputs, machine);

  const { bento, models } = await watch.phase("read the Bento", () => readBentoAndModels(inputs, machine));
  if (inputs.dryRun === true) await maskSecrets(inputs, bento, machine);
  refuseSecretArguments(inputs, bento, machine.env);
  const credentials = await shareCredentials(inputs.registryAuthFile, machine);
  const env = toolEnvironment(machine.env, secretVariables(inputs, bento), credentials.env);
  const recipe = deriveRecipe(inputs, bento, models, TOOL);
  const job: Job = { inputs, bento, models, recipe, authFile: credentials.path, env, watch, machine };
  // Loaded late: wrong inputs and an unusable Bento need none of it.
  const { makeImage } = await import("./make-image.ts");
  const outcome = await makeImage(job, chooseAssembly(inputs, recipe));
  const layout = inputs.dryRun === true ? undefined : layoutPath(inputs, machine.workspace);
  const report: Report = {
    bento,
    models,
    references: referencesOf(inputs, bento),
    pushed: isPushed(inputs) && inputs.dryRun !== true,
    byDigest: inputs.pushByDigest === true,
    dryRun: inputs.dryRun === true,
    phases: watch.phases,
    seconds: watch.elapsed(),
    ...outcome,
    usage: usageOf(inputs, bento, outcome, machine.workspace),
    notes: [...notes, ...outcome.notes],
    ...(layout === undefined ? {} : { layout }),
  };
  if (inputs.digestFile !== undefined)
    await writeDigestFile(report, resolve(machine.workspace, inputs.digestFile), machine);
  await publish(report, inputs.summary !== false, machine);
}

async function readBentoAndModels(
  inputs: Inputs,
  machine: Machine,
): Promise<{ bento: Bento; models: readonly LocatedModel[] }> {
  const home = inputs.bentomlHome === undefined ? {} : { bentomlHome: inputs.bentomlHome };
  const located = await locateBento({ bento: inputs.bento, ...home }, machine);
  const { dockerfile = "generated" } = inputs;
  const bento = await readBento(located, machine, { complete: dockerfile === "generated" });
  for (const line of openingOf(inputs, bento)) machine.actions.info(line);
  const options = { ...home, dryRun: inputs.dryRun === true, remoteFrom: MIN_OWN_LAYER_SIZE };
  const models = await locateModels(bento, options, machine);
  for (const line of await printModels(models, machine)) machine.actions.info(line);
  return { bento, models };
}

async function writeDigestFile(report: Report, directory: string, { env, files }: Machine): Promise<void> {
  const file = digestFileOf(report, env["GITHUB_SHA"]);
  if (file === undefined) return;
  await files.makeDirectory(directory, 0o755);
  await files.write(join(directory, file.name), file.content, 0o644);
}

async function summaryFor(report: Report, { files }: Machine): Promise<string> {
  return report.dryRun ? dryRunSummary(report, await files.readText(report.dockerfile)) : summaryOf(report);
}

/** Outputs, notes, subjects of attestations, and the job summary. */
async function publish(report: Report, withSummary: boolean, machine: Machine): Promise<void> {
  const { actions } = machine;
  for (const note of report.notes) actions.notice(note);
  if (report.dryRun) for (const line of report.commands) actions.info(line);
  for (const [name, value] of Object.entries(outputsOf(report))) actions.setOutput(name, value);
  const refused = await declareSubjects(report, machine);
  if (refused.length > 0) {
    actions.notice(`Not declared for attestation, as this job did so with another digest: ${refused.join(", ")}`);
  }
  if (withSummary) await actions.writeSummary(await summaryFor(report, machine));
  if (!report.dryRun) for (const line of closingOf(report)) actions.info(line);
}
