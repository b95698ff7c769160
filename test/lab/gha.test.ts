/** GitHub's cache service as act plays it, in its first version (gha-v2.test.ts has the second): its token is a JWT, as the runner's is. */
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Act, openAct } from "./act.ts";
import { type FreshEngines, openFreshEngines } from "./fresh-engine.ts";
import { heldBy } from "./image.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

let act: Act;
let engines: FreshEngines;

beforeAll(async () => {
  act = await openAct();
  await pushTinyBase(act.lab);
  engines = await openFreshEngines(act.lab, act.env);
});

afterAll(async () => {
  await engines.close();
  await act.close();
});

function workflowOf(inputs: Readonly<Record<string, string>>): string {
  const lines = Object.entries(inputs).map(([name, value]) => `          ${name}: ${JSON.stringify(value)}\n`);
  const step = `      - uses: OWNER/bento-image@v1\n        with:\n${lines.join("")}`;
  return `name: cache\non: push\njobs:\n  image:\n    runs-on: ubuntu-latest\n    steps:\n${step}`;
}

/** What the job says when an empty engine builds the whole image. */
async function build(name: "buildx" | "nerdctl" | "buildctl", tiny: TinyBento, tags: string): Promise<string> {
  const { inputs } = await engines.start(name);
  const image = { ...act.lab.backends[name].inputs, bento: tiny.bento, "bentoml-home": tiny.home, tags, push: "true" };
  const { log } = await act.push(workflowOf({ ...image, ...inputs, assembly: "backend", cache: "gha" }));
  return log;
}

/** The Bento's command prints its mark whenever it really runs. */
function commandsRun(log: string, mark: string): number {
  return log.split("\n").filter((line) => line.includes(mark) && !line.includes("echo")).length;
}

describe.each(["buildx", "nerdctl", "buildctl"] as const)("%s, with GitHub's cache", (name) => {
  it("repeats no command of the environment on an engine that is empty", async () => {
    // Of this test alone, so that no cache has seen its steps.
    const [mark, tags] = [`mark:${randomUUID()}`, `${act.lab.registry}/gha/${name}:${randomUUID()}`];
    const tiny = await unpackTiny({ commands: [`echo ${mark} | tee /etc/ran`] });
    onTestFinished(() => rm(tiny.home, { recursive: true }));
    const first = await build(name, tiny, tags);
    const { digest } = await heldBy(tags);
    const second = await build(name, tiny, tags);
    expect(first).toMatch(/cache: gha is gha, scope bento-cache-[0-9a-f]+, as requested/);
    expect(commandsRun(first, mark)).toBeGreaterThan(0);
    expect(commandsRun(second, mark)).toBe(0);
    expect(second).toMatch(/cache: \d+ steps? cached/);
    expect((await heldBy(tags)).digest).toBe(digest);
  });
});
