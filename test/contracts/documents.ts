import { readFile } from "node:fs/promises";

/** Pages that show whole workflows. */
export const PAGES = ["README.md", "docs/matrix.md"];

/** The whole workflows that a page shows, in its order. */
export async function workflowsOf(page: string): Promise<readonly string[]> {
  const text = await readFile(page, "utf8");
  return [...text.matchAll(/^```yaml\n(name: [\s\S]*?)^```$/gm)].map(([, workflow = ""]) => workflow);
}
