import type { Choice } from "../assembly/choice.ts";
import { buildByBackend } from "./build-by-backend.ts";
import { buildDirectly } from "./build-directly.ts";
import type { BuildOutcome, Job } from "./job.ts";

/**
 * The two ways to an image: this action assembles it on an environment of the backend's, or the backend builds it whole.
 * Direct assembly may fall back to the backend.
 * @throws Failure `input` where neither way makes what the inputs ask for; of the build, the registry or the read-back.
 */
export async function makeImage(job: Job, choice: Choice): Promise<BuildOutcome> {
  if (choice.kind === "backend") return buildByBackend(job, choice.because);
  const image = await buildDirectly(job, choice.recipe);
  return "because" in image ? buildByBackend(job, image.because, image.selectEngine) : image;
}
