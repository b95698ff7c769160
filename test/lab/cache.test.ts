import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BackendName, type Lab, openLab } from "./backends.ts";
import { type FreshEngines, openFreshEngines } from "./fresh-engine.ts";
import { type Inputs, type Run, runAction } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

let lab: Lab;
let engines: FreshEngines;
let tiny: TinyBento;
/** Of this run alone, so that no builder has seen its steps. */
let run: string;
let scratch: string;

beforeAll(async () => {
  lab = await openLab();
  engines = await openFreshEngines(lab);
  await pushTinyBase(lab);
  run = randomUUID();
  tiny = await unpackTiny({ commands: [`echo mark:${run} | tee /etc/ran`] });
  scratch = await mkdtemp(join(tmpdir(), "bento-image-cache-"));
});

afterAll(async () => {
  await engines.close();
  await rm(tiny.home, { recursive: true });
  await rm(scratch, { recursive: true, force: true });
});

/** What the log says of the first command's steps. */
function taken({ log }: Run): number {
  return Number(/^cache: (\d+) steps? cached$/m.exec(log)?.[1] ?? "-1");
}

/** By an empty engine. The backend makes the whole image, so that its steps are what is looked for again. */
async function build(name: Exclude<BackendName, "docker">, inputs: Inputs): Promise<Run> {
  const engine = await engines.start(name);
  const { inputs: own, env } = lab.backends[name];
  const common = { bento: tiny.bento, "bentoml-home": tiny.home, assembly: "backend", push: "true" };
  const result = await runAction(
    { ...own, ...common, ...engine.inputs, ...inputs },
    { ...env, XDG_CACHE_HOME: join(scratch, name), ...engine.env },
  );
  if (result.code !== 0) throw new Error(result.log.slice(-8_000));
  return result;
}

describe.each(["buildx", "nerdctl", "buildctl", "podman", "buildah"] as const)(
  "%s, with the registry's cache",
  (name) => {
    it("repeats no command of the environment on an engine that is empty", async () => {
      const tags = `${lab.registry}/cache/${run}/${name}:1`;
      const first = await build(name, { cache: "registry", tags });
      const second = await build(name, { cache: "registry", tags });
      expect(taken(first)).toBe(0);
      expect(taken(second)).toBeGreaterThan(0);
      expect(commandsRun(first.log)).toBeGreaterThan(0);
      expect(commandsRun(second.log)).toBe(0);
      // Podman and buildah write a layer otherwise when it comes from their cache.
      if (name !== "podman" && name !== "buildah") expect(second.outputs["digest"]).toBe(first.outputs["digest"]);
      expect(second.log).toMatch(/^cache: registry is registry, .*as requested$/m);
      expect(second.summary).toMatch(/^- \*\*Cache:\*\* registry, .*steps? cached$/m);
    });
  },
);

describe.each(["buildx", "nerdctl", "buildctl"] as const)("%s, with a local cache", (name) => {
  it("repeats no command of the environment on an engine that is empty", async () => {
    const tags = `${lab.registry}/cache/${run}/${name}:local`;
    await build(name, { cache: "local", tags });
    const second = await build(name, { cache: "local", tags });
    expect(taken(second)).toBeGreaterThan(0);
    expect(commandsRun(second.log)).toBe(0);
  });
});

/** The Bento's command prints its mark whenever it really runs. */
function commandsRun(log: string): number {
  return log.split("\n").filter((line) => line.includes(`mark:${run}`) && !line.includes("echo")).length;
}
