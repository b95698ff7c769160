import { randomBytes, randomUUID } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { type Fault, type FaultProxy, openFaultProxy, uploadsAt } from "./fault-proxy.ts";
import { heldBy } from "./image.ts";
import { type Run, runAction, told } from "./runner.ts";
import { openStallingProxy, type StallingProxy } from "./stalling-proxy.ts";
import { pushTinyBase, unpackTiny } from "./tiny.ts";
import { openUploads } from "./uploads.ts";

/** What goes wrong while an image is assembled: each ends in its class, moves no tag and leaves nothing. */
const MIB = 1 << 20;
const BIG = 16 * MIB;
const UPLOAD = /\/blobs\/uploads\/[0-9a-f]/;

let lab: Lab;

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
});

interface Trial {
  /** Of this trial alone, without the registry's name. */
  readonly path: string;
  push(host: string, cancelled?: Promise<unknown>): Promise<Run>;
}

/**
 * A tiny Bento with a big model that no registry has.
 * @param size of the model in bytes: another size makes it another model.
 */
async function prepare(command?: string, path = `direct/${randomUUID()}`, size = BIG): Promise<Trial> {
  const tiny = await unpackTiny({ commands: command === undefined ? [] : [command] });
  onTestFinished(() => rm(tiny.home, { recursive: true }));
  await writeFile(join(tiny.home, "models/embedder/v1/weights.bin"), randomBytes(size));
  return {
    path,
    push(host, cancelled) {
      const common = { bento: tiny.bento, "bentoml-home": tiny.home, push: "true", tags: `${host}/${path}:1` };
      return runAction({ ...lab.backends.buildctl.inputs, ...common }, lab.env, cancelled);
    },
  };
}

async function proxyWith(faults: readonly Fault[], registry = lab.registry): Promise<FaultProxy> {
  const proxy = await openFaultProxy({ registry, faults });
  onTestFinished(() => proxy.close());
  return proxy;
}

/** A proxy where every upload stands still after 5 MiB. */
async function stallingProxy(): Promise<FaultProxy & Pick<StallingProxy, "stalled">> {
  const stalling = await openStallingProxy(lab.registry, 5 * MIB);
  onTestFinished(() => stalling.close());
  return { ...(await proxyWith([], stalling.host)), stalled: stalling.stalled };
}

/** No begun upload, no process that knows the repository, no file. */
async function expectNothingLeft({ path }: Trial, run: Run, proxy: FaultProxy): Promise<void> {
  expect(await openUploads(path, proxy)).toEqual([]);
  expect(run.left.filter((entry) => !entry.startsWith("bento-image-"))).toEqual([]);
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(processes.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  expect(commands.filter((command) => command.includes(path))).toEqual([]);
}

describe("assembling", () => {
  /** What happens to the model's layer and to no other. */
  const breaks: Fault = {
    method: "PUT",
    path: UPLOAD,
    atLeast: BIG,
    mishap: { kind: "reset", afterBytes: 5 * MIB },
  };

  it("that is cancelled in the middle of an upload tells so", async () => {
    const [trial, proxy] = [await prepare(), await stallingProxy()];
    const run = await trial.push(proxy.host, proxy.stalled);
    expect([run.code, told(run)]).toEqual([1, expect.stringMatching(/^\[cancelled\]/)]);
    await expectNothingLeft(trial, run, proxy);
    await expect(heldBy(`${lab.registry}/${trial.path}:1`)).rejects.toThrow("404");
  });

  it("ends at once when the environment's build fails, whatever is being uploaded", async () => {
    const trial = await prepare("sleep 2; echo the deciding words; exit 42");
    const proxy = await stallingProxy();
    const run = await trial.push(proxy.host);
    await proxy.stalled;
    expect([run.code, told(run)]).toEqual([1, expect.stringMatching(/^\[run-step\]/)]);
    expect(decodeURIComponent(/^::error.*$/m.exec(run.log)?.[0] ?? "")).toContain("the deciding words");
    await expectNothingLeft(trial, run, proxy);
    await expect(heldBy(`${lab.registry}/${trial.path}:1`)).rejects.toThrow("404");
  });

  it("ends the environment's build when an upload fails for good, and leaves the tag where it was", async () => {
    const earlier = await prepare();
    expect((await earlier.push(lab.registry)).code).toBe(0);
    const { digest } = await heldBy(`${lab.registry}/${earlier.path}:1`);
    const trial = await prepare("sleep 300", earlier.path, BIG + MIB);
    const proxy = await proxyWith([{ ...breaks, mishap: { kind: "answer", status: 413 } }]);
    const run = await trial.push(proxy.host);
    expect([run.code, told(run)]).toEqual([1, expect.stringMatching(/^\[network\]/)]);
    await expectNothingLeft(trial, run, proxy);
    expect((await heldBy(`${lab.registry}/${trial.path}:1`)).digest).toBe(digest);
  });

  it("sends a layer again whose connection broke in the middle", async () => {
    const [trial, proxy] = [await prepare(), await proxyWith([{ ...breaks, times: 1 }])];
    const { code, log, outputs } = await trial.push(proxy.host);
    expect(code, log).toBe(0);
    expect(outputs["digest"]).toBe((await heldBy(`${lab.registry}/${trial.path}:1`)).digest);
    expect(proxy.log).toContainEqual(expect.stringMatching(/^PUT .* reset$/));
    expect(new Set(uploadsAt(proxy)).size).toBe(uploadsAt(proxy).length);
    expect(await openUploads(trial.path, proxy)).toEqual([]);
  });
});
