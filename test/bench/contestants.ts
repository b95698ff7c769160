import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Inputs } from "../lab/runner.ts";
import { bentomlContainerize } from "./bentoml.ts";
import type { Ground } from "./ground.ts";
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

/** Makes an image of a Bento of the ground's store and pushes it. */
export type Contestant = (order: AssemblyRequest, ground: Ground, follow: (pid: number) => void) => Promise<void>;

export const CONTESTANTS: Readonly<Record<Mode, Contestant>> = {
  async bentoml({ bento, image }, { home, place, env, signal }, onStart) {
    await bentomlContainerize({ bento, image, home, place, env }, { signal, onStart });
    await runWell("docker", ["push", image], env, { signal });
  },
  backend: byAction(() => ({ assembly: "backend" })),
  direct: byAction(({ mirror }) => ({ assembly: "direct", "registry-mirrors": `docker.io=${mirror.host}` })),
};

function byAction(own: (ground: Ground) => Inputs): Contestant {
  return (order, ground, onStart) =>
    inStep(ground, { ...orderInputs(order, ground), ...own(ground), ...order.inputs }, async (step) => {
      await runWell(process.execPath, [ACTION], step, { signal: ground.signal, onStart });
    });
}

/** Does something in a step of its own, whose files are then removed. */
export async function inStep<T>(
  { place, env }: Ground,
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

export function orderInputs({ bento, image }: AssemblyRequest, { home }: Ground): Inputs {
  return { bento, "bentoml-home": home, backend: "docker", push: "true", tags: image };
}
