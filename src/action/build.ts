/** The story of a run: decode the inputs, read the Bento; then make the image and report, see {@link makeAndReport}. */
import { locateBento } from "../bento/address.ts";
import type { Bento, LocatedModel } from "../bento/bento.ts";
import { readBento } from "../bento/bento-directory.ts";
import { locateModels } from "../bento/models.ts";
import { decodeInputs } from "../inputs/decode.ts";
import { checkInputDirectories } from "../inputs/input-file.ts";
import type { Inputs } from "../inputs/schema.ts";
import { MIN_OWN_LAYER_SIZE } from "../layers/split.ts";
import type { Machine } from "../machine/machine.ts";
import { openStopwatch } from "../report/stopwatch.ts";
import { openingOf, printModels } from "./opening.ts";

const MINUTE = 60_000;

/** One run of the action. @throws Failure of the phase that fails; nothing half-made stays behind. */
export async function build(machine: Machine): Promise<void> {
  const { inputs, notes } = await decodeInputs(machine.env);
  if (inputs.timeout !== undefined) machine.cancelAfter(inputs.timeout * MINUTE);
  const watch = openStopwatch();
  await checkInputDirectories(inputs, machine);

  const { bento, models } = await watch.phase("read the Bento", () => readBentoAndModels(inputs, machine));
  // Loaded late: wrong inputs and an unusable Bento need none of it.
  const { makeAndReport } = await import("./make-image.ts");
  await makeAndReport({ inputs, bento, models, watch, machine }, notes);
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
