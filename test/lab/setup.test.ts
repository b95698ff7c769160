/** The action on a machine that has nothing: it installs, starts, builds, pushes, and its post step leaves nothing. */
import { cp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unpackHome } from "./bento.ts";
import { type Inputs, told } from "./runner.ts";
import { openSetupSetting, type SetupSetting } from "./setup-setting.ts";

let setting: SetupSetting;
/** BENTOML_HOME of a Bento as users have them, with Python packages and a model. */
let home = "";

beforeAll(async () => {
  [setting, home] = await Promise.all([openSetupSetting(), unpackHome("sklearn")]);
});

afterAll(async () => {
  await setting.close();
  await rm(home, { recursive: true });
});

const CASES = ["buildctl", "nerdctl", "buildx"] as const;
const TOOLS = { buildctl: ["buildkit"], nerdctl: ["nerdctl", "buildkit", "nerdctl-full"], buildx: ["buildx"] };

function variables(backend: string): Readonly<Record<string, string>> {
  return backend === "buildx" ? setting.docker : {};
}

describe("where nothing is installed", () => {
  async function expectSetUp(backend: (typeof CASES)[number], bento: Inputs): Promise<void> {
    const { machine, builds, newTag, expectPushed, expectNothingLeft } = setting;
    const job = await machine.job();
    const tag = newTag();
    machine.mirror.given.length = 0;
    const step = await job.step("main", builds(tag, { backend, ...bento }), { env: variables(backend) });
    await expectPushed(step, tag);
    const tools = machine.mirror.given.map((name) => name.replace(/-v?\d.*$/, ""));
    for (const tool of tools) expect(TOOLS[backend]).toContain(tool);
    await expectNothingLeft(job, step);
  }

  it.each(CASES)("%s builds and pushes a tiny Bento, and nothing of it stays", (backend) => expectSetUp(backend, {}));

  it.each(CASES)(
    "%s builds and pushes a Bento with all its packages, and nothing of it stays",
    { tags: ["long"] },
    (backend) => expectSetUp(backend, { bento: "iris_classifier:bkemozxfjwqs2ax4", "bentoml-home": home }),
  );

  it("buildx gets its plugin for a builder at an address", async () => {
    const { lab, machine, docker, builds, newTag, expectPushed, expectNothingLeft } = setting;
    const job = await machine.job();
    const tag = newTag();
    const inputs = builds(tag, { backend: "buildx", builder: lab.env["BUILDKIT_HOST"] ?? "" });
    const step = await job.step("main", inputs, { env: docker });
    await expectPushed(step, tag);
    await expectNothingLeft(job, step);
  });

  it("the layers may be the action's own", async () => {
    const { machine, builds, newTag, expectPushed, expectNothingLeft } = setting;
    const job = await machine.job();
    const tag = newTag();
    const step = await job.step("main", builds(tag, { backend: "buildctl", assembly: "direct" }));
    await expectPushed(step, tag);
    await expectNothingLeft(job, step);
  });
});

/** A network without a way out, in which a registry has what the lab's has, at the same address. */
const OFFLINE = [
  "ip link set lo up",
  'docker-registry serve "$0" >/dev/null 2>&1 & registry=$!',
  "curl --silent --output /dev/null --retry 50 --retry-delay 1 --retry-connrefused http://$1/v2/; shift",
  'code=0; "$@" || code=$?; kill $registry; exit $code',
].join("\n");

describe("where the tool cache is warm", () => {
  it.each(CASES)("%s needs neither the mirror nor a network", async (backend) => {
    const { lab, machine, builds, newTag, expectPushed, expectNothingLeft } = setting;
    const configuration = join(lab.env["LAB_ROOT"] ?? "", "etc/registry.yml");
    const as = ["unshare", "--net", "bash", "-ec", OFFLINE, configuration, lab.registry];
    const job = await machine.job();
    const tag = newTag();
    const inputs = builds(tag, { backend, "tool-mirror": "http://127.0.0.1:1" });
    const step = await job.step("main", inputs, { env: variables(backend), as });
    await expectPushed(step, tag);
    expect(step.log).not.toContain("Downloading");
    await expectNothingLeft(job, step);
  });
});

describe("backend: auto", () => {
  it("sets buildctl up where nothing builds, and says why", async () => {
    const { machine, builds, newTag, expectPushed, expectNothingLeft } = setting;
    const job = await machine.job();
    const tag = newTag();
    const step = await job.step("main", builds(tag, { backend: "auto" }));
    await expectPushed(step, tag);
    expect(step.log).toMatch(
      /^backend: auto is buildctl here \(set up by this action, as .*docker is not on PATH.*\)$/m,
    );
    expect(step.outputs["backend"]).toBe("buildctl");
    await expectNothingLeft(job, step);
  });
});

describe("what is not to be set up", () => {
  /** The bundles without a line of the set-up. */
  async function withoutSetUp(directory: string): Promise<string> {
    const dist = join(directory, "dist");
    await cp(resolve("dist"), dist, { recursive: true });
    await rm(join(dist, "set-up-engine.js"));
    return dist;
  }

  it("install: never fails as if there were no set-up, and loads nothing of it", async () => {
    const { machine, builds, newTag } = setting;
    const job = await machine.job();
    const runner = await machine.job({ dist: await withoutSetUp(job.directory) });
    const never = (backend: string): Inputs => builds(newTag(), { backend, install: "never" });
    const [one, any] = [await runner.step("main", never("buildctl")), await runner.step("main", never("auto"))];
    expect([one.code, told(one)]).toEqual([1, expect.stringContaining("buildctl is not on PATH")]);
    expect([any.code, told(any)]).toEqual([1, expect.stringContaining("no builder works on this machine")]);
    expect([one.engine, any.engine]).toEqual(["", ""]);
  });

  it("an engine that is there is used, nothing of a set-up is loaded, and the post step has nothing to do", async () => {
    const { lab, machine, builds, newTag, expectPushed } = setting;
    const job = await machine.job();
    const runner = await machine.job({ dist: await withoutSetUp(job.directory) });
    const tag = newTag();
    const step = await runner.step("main", builds(tag, { backend: "buildctl" }), { env: lab.env });
    await expectPushed(step, tag);
    expect(step.engine).toBe("");
    expect(await step.post()).toMatchObject({ code: 0, log: "" });
  });
});
