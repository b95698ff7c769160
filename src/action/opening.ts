import { type Bento, type LocatedModel, printTag } from "../bento/bento.ts";
import { modelSize } from "../bento/model-size.ts";
import { referencesOf } from "../commands/plan.ts";
import type { Inputs } from "../inputs/schema.ts";
import type { Actions, Machine } from "../machine/machine.ts";
import { printPlatform } from "../oci/platform.ts";
import { printReference } from "../oci/reference.ts";
import { printBytes } from "../text/byte-size.ts";

/** The first lines of the log: what is about to be made. */
export function openingOf(inputs: Pick<Inputs, "tags" | "platforms">, bento: Bento): readonly string[] {
  const platforms = inputs.platforms.map(printPlatform).join(", ");
  const names = referencesOf(inputs, bento).map(printReference).join(", ");
  return [
    `Bento: ${printTag(bento.tag)}, made with BentoML ${bento.bentomlVersion}`,
    `Image: ${names}${platforms === "" ? "" : ` for ${platforms}`}`,
  ];
}

/** A line with the models and their sizes; none for a Bento without models. */
export async function printModels(
  models: readonly LocatedModel[],
  { files }: Pick<Machine, "files">,
): Promise<readonly string[]> {
  const described = await Promise.all(
    models.map(async (located) => `${printTag(located.model.tag)} (${await describe(located, files)})`),
  );
  return described.length === 0 ? [] : [`Models: ${described.join(", ")}`];
}

/** Shows a generated Dockerfile in a group; one that was not generated is known to its author. */
export function showDockerfile(dockerfile: string, actions: Pick<Actions, "openGroup">): void {
  const group = actions.openGroup("Generated Dockerfile", "file");
  group.info(dockerfile.trimEnd());
  group.end();
}

/** `14.9 GB, 14.0 GB of it at the Hub` */
async function describe(located: LocatedModel, files: Machine["files"]): Promise<string> {
  const size = printBytes(await modelSize(located, files.enclosed));
  if (located.kind === "store") return size;
  const remote = located.files.filter((file) => file.remote !== undefined).reduce((sum, file) => sum + file.size, 0);
  return remote === 0 ? size : `${size}, ${printBytes(remote)} of it only at the Hub`;
}
