/** The job of ci.yml that uses the action on GitHub's runners, as far as this machine is one. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { dump, load } from "js-yaml";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { type Act, openAct } from "./act.ts";
import { freePort } from "./port.ts";

interface Step {
  readonly name?: string;
}

interface Job {
  readonly steps: readonly Step[];
}

let act: Act;

beforeAll(async () => {
  act = await openAct();
});

afterAll(() => act.close());

/** One cell of the matrix. The registry is the lab's, and the service has a port that is free here. */
async function cell(backend: string): Promise<string> {
  const text = await readFile(".github/workflows/ci.yml", "utf8");
  const { bento, runners } = (load(text) as { readonly jobs: Readonly<Record<string, Job>> }).jobs;
  const own = runners?.steps.filter(({ name }) => name !== "Start a registry");
  const jobs = {
    bento,
    runners: { ...runners, strategy: { matrix: { runner: ["ubuntu-latest"], backend: [backend] } }, steps: own },
  };
  const port = await freePort();
  return dump({ name: "ci", on: "push", jobs })
    .replaceAll("localhost:5000", act.lab.registry)
    .replace(/^( +)push: true$/m, `$&\n$1registry-mirrors: docker.io=${act.lab.registry}`)
    .replace("--publish 3000:", `--publish ${port}:`)
    .replaceAll("localhost:3000", `localhost:${port}`);
}

it("an image of docker answers a request with a prediction", { tags: ["long"] }, async () => {
  // The job leaves it to the end of its runner.
  onTestFinished(async () => {
    await promisify(execFile)("docker", ["rm", "--force", "iris"], { env: act.env });
  });
  const { log } = await act.push(await cell("docker"));
  expect(log).toMatch(/\| \["setosa"\]/);
});
