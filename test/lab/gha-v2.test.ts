/** GitHub's cache service in its second version, the only one that github.com has; gha.test.ts has the first. */
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type BackendName, type Lab, openLab } from "./backends.ts";
import { type CacheService, openCacheService } from "./cache-service.ts";
import { type FreshEngines, openFreshEngines } from "./fresh-engine.ts";
import { heldBy } from "./image.ts";
import { type Run, runAction } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

/** More than BuildKit sends in one piece, and never the same twice. */
const BIG = "head -c 5000000 /dev/urandom > /etc/big";

let lab: Lab;
let engines: FreshEngines;

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  engines = await openFreshEngines(lab);
});

afterAll(() => engines.close());

interface Setting {
  readonly mark: string;
  readonly tiny: TinyBento;
  readonly service: CacheService;
}

/** A Bento whose steps no builder has seen, and a service that is empty. */
async function prepare(): Promise<Setting> {
  const mark = `mark:${randomUUID()}`;
  const tiny = await unpackTiny({ commands: [`echo ${mark} | tee /etc/ran && ${BIG}`] });
  onTestFinished(() => rm(tiny.home, { recursive: true }));
  const service = await openCacheService();
  onTestFinished(() => service.close());
  return { mark, tiny, service };
}

/** By an engine that is empty, but docker's, which has only not seen these steps. */
async function build(name: BackendName, { tiny, service }: Setting, tags: string): Promise<Run> {
  const engine = name === "docker" ? { inputs: {}, env: {} } : await engines.start(name);
  const { inputs, env } = lab.backends[name];
  const image = { bento: tiny.bento, "bentoml-home": tiny.home, assembly: "backend", push: "true", tags, cache: "gha" };
  const run = await runAction({ ...inputs, ...image, ...engine.inputs }, { ...env, ...engine.env, ...service.env });
  if (run.code !== 0) throw new Error(run.log.slice(-8_000));
  return run;
}

/** The Bento's command prints its mark whenever it really runs. */
function commandsRun({ log }: Run, { mark }: Setting): number {
  return log.split("\n").filter((line) => line.includes(mark) && !line.includes("echo")).length;
}

describe("with the second version of GitHub's cache service", () => {
  it.each([
    ["buildx", "buildx"],
    ["nerdctl", "nerdctl"],
    ["buildctl", "buildctl"],
    ["docker", "buildctl"],
    ["buildctl", "docker"],
  ] as const)("what %s kept saves %s every command of the environment", async (writer, reader) => {
    const setting = await prepare();
    const tags = `${lab.registry}/gha-v2/${writer}-${reader}:${randomUUID()}`;
    const first = await build(writer, setting, tags);
    expect(commandsRun(first, setting)).toBeGreaterThan(0);
    expect(setting.service.log).toEqual(
      expect.arrayContaining(["CreateCacheEntry 200", "PUT block 201", "PUT blocklist 201", "PUT blob 201"]),
    );
    const { digest } = await heldBy(tags);
    const written = setting.service.log.length;

    const second = await build(reader, setting, tags);
    expect(commandsRun(second, setting)).toBe(0);
    expect(second.log).toMatch(/cache: \d+ steps? cached/);
    expect(setting.service.log.slice(written)).toEqual(
      expect.arrayContaining(["GetCacheEntryDownloadURL 200", expect.stringMatching(/^GET blob 20[06]$/)]),
    );
    expect((await heldBy(tags)).digest).toBe(digest);
    for (const { log } of [first, second]) expect(log).not.toContain(setting.service.token);
  });
});
