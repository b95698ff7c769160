import { writeLayout } from "../layout/layout.ts";
import type { Machine } from "../machine/machine.ts";
import { counted } from "../machine/progress.ts";
import type { ImageDescription } from "../oci/image-description.ts";
import type { AssembledImage } from "./assembled-image.ts";

/** Writes the image as an OCI layout and shows the progress. @throws Failure; see {@link writeLayout}. */
export async function writeImageLayout(
  { content, root }: AssembledImage,
  { platforms }: ImageDescription,
  directory: string,
  { actions, files }: Pick<Machine, "actions" | "files">,
): Promise<void> {
  const sizes = new Map(platforms.flatMap(({ layers }) => layers).map(({ digest, size }) => [digest, size]));
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const task = actions.progress("writing the layout", total);
  const blob: typeof content.blob = async (descriptor) => counted(await content.blob(descriptor), task.add);
  await writeLayout({ ...content, blob }, root.descriptor, directory, files).finally(task.end);
}
