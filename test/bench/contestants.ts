import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Inputs } from "../lab/runner.ts";
import { bentomlContainerize } from "./bentoml.ts";
import type { Contest } from "./contest.ts";
import { ACTION, runWell, stepEnvironment } from "./program.ts";

/** Who makes images in the models section. */
export const MODES = ["bentoml", "backend", "direct"] as const;

export type Mode = (typeof MODES)[number];

export interface AssemblyRequest {
  /** Its tag in the store. */
  readonly bento: string;
  readonly image: string;
  /** More of them for the action. */
  readonly inputs?: Inputs;
}

/** Makes an image of a Bento of the contest's store and pushes it. */
export type Contestant = (order: AssemblyRequest, contest: Contest, follow: (pid: number) => void) => Promise<void>;

export const CONTESTANTS: Readonly<Record<Mode, Contestant>> = {
  async bentoml({ bento, image }, { home, place, env, signal }, onStart) {
    await bentomlContainerize({ bento, image, home, place, env }, { signal, onStart });
    await runWell("docker", ["push", image], env, { signal });
  },
  backend: byAction(() => ({ assembly: "backend" })),
  direct: byAction(({ mirror }) => ({ assembly: "direct", "registry-mirrors": `docker.io=${mirror.host}` })),
};

function byAction(own: (contest: Contest) => Inputs): Contestant {
  return (order, contest, onStart) =>
    inStep(contest, { ...orderInputs(order, contest), ...own(contest), ...order.inputs }, async (step) => {
      await runWell(process.execPath, [ACTION], step, { signal: contest.signal, onStart });
    });
}

/** Does something in a step of its own, whose files are then removed. */
export async function inStep<T>(
  { place, env }: Contest,
  inputs: Inputs,
  work: (step: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(place, "step-"));
  try {
    return await work(await stepEnvironment(directory, inputs, env));
  } finally {
    await rm(directory, { recursive: true });
  }
}

export function orderInputs({ bento, image }: AssemblyRequest, { home }: Contest): Inputs {
  return { bento, "bentoml-home": home, backend: "docker", push: "true", tags: image };
}
