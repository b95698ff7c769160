import { readFileSync } from "node:fs";

const WORKFLOW = ".github/workflows/example.yml";

/** The example workflow as a reader copies it: the action by its public name. */
function publicText(): string {
  return readFileSync(WORKFLOW, "utf8").trimEnd().replace("uses: ./", "uses: OWNER/bento-image@v1");
}

export function wholeWorkflow(): string {
  return ["```yaml", publicText(), "```"].join("\n");
}

/** The first block of docs/matrix.md, which the tests run. */
export function matrixWorkflow(): string {
  const [block] = /^```yaml\n[\s\S]*?^```$/m.exec(readFileSync("docs/matrix.md", "utf8")) ?? [];
  if (block === undefined) throw new Error("docs/matrix.md has no workflow");
  return block;
}

/** From the action's step to the end. */
export function lastSteps(): string {
  const lines = publicText().split("\n");
  const steps = lines.slice(lines.findIndex((line) => line.includes("OWNER/bento-image")));
  return ["```yaml", ...steps.map((line) => line.slice("      ".length)), "```"].join("\n");
}
