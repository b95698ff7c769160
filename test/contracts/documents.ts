import { readFile } from "node:fs/promises";

/** The first whole workflow that a page shows. */
export async function workflowOf(page: string): Promise<string> {
  const [, workflow] = /^```yaml\n(name: [\s\S]*?)^```$/m.exec(await readFile(page, "utf8")) ?? [];
  if (workflow === undefined) throw new Error(`${page} shows no workflow`);
  return workflow;
}
