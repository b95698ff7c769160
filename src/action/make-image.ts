/** What a run does with the Bento that it has read: choose who makes the image, make it, report. */
import { join, resolve } from "node:path/posix";
import { type Choice, chooseAssembly } from "../assembly/choice.ts";
import { maskSecrets, refuseSecretArguments, secretVariables } from "../commands/gather-secrets.ts";
import { deriveRecipe } from "../commands/image-source.ts";
import { layoutPath, referencesOf } from "../commands/plan.ts";
import { shareCredentials } from "../commands/share-credentials.ts";
import { toolEnvironment } from "../commands/tool-environment.ts";
import { isPushed } from "../inputs/schema.ts";
import type { Machine } from "../machine/machine.ts";
import { digestFileOf } from "../report/digest-file.ts";
import { outputsOf } from "../report/outputs.ts";
import type { Report } from "../report/report.ts";
import { declareSubjects } from "../report/subjects.ts";
import { dryRunSummary, summaryOf } from "../report/summary.ts";
import { buildByBackend } from "./build-by-backend.ts";
import { buildDirectly } from "./build-directly.ts";
import { closingOf } from "./closing.ts";
import type { BuildOutcome, Job } from "./job.ts";
import { usageOf } from "./usage.ts";

const TOOL = "bento-image";

/**
 * Makes the image of a Bento that was read, and reports it.
 * @param notes remarks on the inputs, a sentence each.
 * @throws Failure of the phase that fails; nothing half-made stays behind.
 */
export async function makeAndReport(
  read: Pick<Job, "inputs" | "bento" | "models" | "watch" | "machine">,
  notes: readonly string[],
): Promise<void> {
  const { inputs, bento, models, watch, machine } = read;
  if (inputs.dryRun === true) await maskSecrets(inputs, bento, machine);
  refuseSecretArguments(inputs, bento, machine.env);
  const credentials = await shareCredentials(inputs.registryAuthFile, machine);
  const env = toolEnvironment(machine.env, secretVariables(inputs, bento), credentials.env);
  const recipe = deriveRecipe(inputs, bento, models, TOOL);
  const job: Job = { ...read, recipe, authFile: credentials.path, env };
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

/**
 * The two ways to an image: this action assembles it on an environment of the backend's, or the backend builds it whole.
 * Direct assembly may fall back to the backend.
 * @throws Failure `input` where neither way makes what the inputs ask for; of the build, the registry or the read-back.
 */
async function makeImage(job: Job, choice: Choice): Promise<BuildOutcome> {
  if (choice.kind === "backend") return buildByBackend(job, choice.because);
  const image = await buildDirectly(job, choice.recipe);
  return "because" in image ? buildByBackend(job, image.because, image.selectEngine) : image;
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
