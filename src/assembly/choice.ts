import { attestationsOf } from "../commands/attestations.ts";
import { Failure } from "../errors.ts";
import { type Inputs, isPushed } from "../inputs/schema.ts";
import { isOfManifests, readAnnotation } from "../oci/annotation.ts";
import type { Recipe } from "../recipe/recipe.ts";

/** How the image is made; `because` completes "the backend makes the whole image: …". */
export type Choice =
  | { readonly kind: "direct"; readonly recipe: Recipe }
  | { readonly kind: "backend"; readonly because: string };

/**
 * Whether the payload can be put on the environment without a builder: nothing has to run after the files are in, and
 * the image goes where this action can write it.
 * @throws Failure `input` (code Unsupported) when `assembly: direct` asks for what is not possible.
 */
export function chooseAssembly(inputs: Inputs, recipe: Recipe | undefined): Choice {
  const wish = inputs.modelArtifact === true ? "model-artifact" : "assembly: direct";
  if (inputs.assembly === "backend") return { kind: "backend", because: "assembly: backend" };
  const obstacles = obstaclesOf(inputs, recipe);
  if (obstacles.length === 0 && recipe !== undefined) return { kind: "direct", recipe };
  const because = obstacles.join(" · ");
  if (mustBeDirect(inputs)) {
    throw new Failure("input", `${wish} is not possible here: ${because}`, {
      code: "Unsupported",
      lines: obstacles,
      hint: "Leave it out: the backend then makes the whole image where it must.",
    });
  }
  return { kind: "backend", because };
}

/** Whether an image that the backend made would not be what was asked for. */
export function mustBeDirect(inputs: Pick<Inputs, "assembly" | "modelArtifact">): boolean {
  return inputs.assembly === "direct" || inputs.modelArtifact === true;
}

function obstaclesOf(inputs: Inputs, recipe: Recipe | undefined): readonly string[] {
  const layoutOnly = inputs.output.every(({ kind }) => kind === "layout");
  const given: readonly (readonly [boolean, string])[] = [
    [recipe === undefined, "the Dockerfile is not made by this action"],
    [recipe !== undefined && recipe.afterPayload.length > 0, "the Bento's setup_script runs when its files are in"],
    [inputs.target !== undefined, "target stops at a stage of the Dockerfile"],
    [inputs.load === true, "load needs the backend's own store"],
    [!isPushed(inputs) && inputs.output.length === 0, "the image goes into the backend's own store"],
    [!layoutOnly, "only the backend writes archives"],
    [inputs.format === "docker", "docker's format has no annotations, by which layers are known again"],
    [Object.keys(attestationsOf(inputs)).length > 0, "only a builder can attest what it did"],
    [
      !Object.keys(inputs.annotations).flatMap(readAnnotation).every(isOfManifests),
      "only the backend annotates indexes, descriptors and single platforms",
    ],
    [inputs.cache === "inline", "an inline cache lies in an image that a backend made"],
    [inputs.extraArgs.length > 0, "extra-args are for the backend's build of the image"],
    [Object.keys(inputs.buildContexts).length > 0, "build-contexts may replace the base image"],
  ];
  return given.flatMap(([applies, reason]) => (applies ? [reason] : []));
}
