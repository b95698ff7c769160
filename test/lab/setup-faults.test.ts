/**
 * What can be wrong with a download: told as what it is, asked for as often as it helps, and nothing of it is kept or run.
 * Through the bundles what users meet most; test/tools/install.test.ts has all of it.
 */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ARM, buildkitArchive } from "../tools/setting.ts";
import { makeCertificates } from "./certificates.ts";
import type { Step } from "./job.ts";
import type { Mishap } from "./release-mirror.ts";
import { type Inputs, told } from "./runner.ts";
import { openSetupSetting, type SetupSetting } from "./setup-setting.ts";
import { openTlsServer, openTunnelProxy } from "./tunnel-proxy.ts";

let setting: SetupSetting;

beforeAll(async () => {
  setting = await openSetupSetting();
});

afterAll(() => setting.close());

const BUILDKIT = "buildkit-v9.9.9-lab.linux-amd64.tar.gz";

interface Trial {
  readonly step: Step;
  /** Names in the tool cache. */
  readonly cached: readonly string[];
}

/** A set-up of buildctl with an empty tool cache; its own engine is ended again. */
async function setUp(mishap: Mishap | undefined, inputs: Inputs = {}, more = {}): Promise<Trial> {
  const { machine } = setting;
  const job = await machine.job();
  const cache = await mkdtemp(join(job.directory, "cache-"));
  machine.mirror.asked.length = 0;
  machine.mirror.mishap = mishap;
  const env = { RUNNER_TOOL_CACHE: cache, ...more };
  const step = await job.step("setup", { ...machine.inputs, backend: "buildctl", ...inputs }, { env });
  expect((await step.post()).code).toBe(0);
  expect((await job.left()).filter((name) => !/^bento-image-\w{6}$/.test(name))).toEqual([]);
  const cached = await readdir(cache);
  return { step, cached };
}

function expectRefused({ step, cached }: Trial, message: string): void {
  expect([step.code, told(step)]).toEqual([1, expect.stringContaining(message)]);
  // Refused before an engine is begun: nothing that was downloaded ran.
  expect([cached, step.engine]).toEqual([[], ""]);
}

describe("a download is refused that", () => {
  it("was changed", async () => {
    const trial = await setUp((response, path) => {
      void readFile(path).then((bytes) => {
        bytes.writeUInt8(bytes.readUInt8(1000) ^ 1, 1000);
        response.end(bytes);
      });
      return true;
    });
    expectRefused(trial, "[tool]");
    expect(told(trial.step)).toContain("does not have the expected checksum");
    expect(setting.machine.mirror.asked).toEqual([BUILDKIT]);
  });

  it("is of another machine", async () => {
    const archive = buildkitArchive(ARM);
    const sum = createHash("sha256").update(archive).digest("hex");
    const file = "buildkit-v9.9.8.linux-amd64.tar.gz";
    const trial = await setUp(
      (response) => {
        response.end(archive);
        return true;
      },
      { tools: "buildkit@9.9.8", "tool-checksums": `${sum}  ${file}` },
    );
    expectRefused(trial, "[tool]");
    expect(told(trial.step)).toMatch(/is for .+, and this machine is x64/);
    expect(setting.machine.mirror.asked).toEqual([file]);
  });

  it("is nowhere: the mirror and the release are asked once each", async () => {
    const release = await openRelease(async () => undefined);
    const trial = await setUp(
      (response) => {
        response.writeHead(404).end();
        return true;
      },
      { tools: "", "tool-checksums": "" },
      { ...release.env, no_proxy: "127.0.0.1" },
    );
    expectRefused(trial, "[tool] buildkit ");
    expect(told(trial.step)).toMatch(/cannot be installed: buildkit-v\S+ was not found$/);
    expect(trial.step.log).toContain("not at https://github.com/moby/buildkit/releases/download/v");
    expect(trial.step.log).not.toContain("Attempt 2 of");
    const { asked } = setting.machine.mirror;
    expect([asked.length, release.server.asked.length]).toEqual([1, 1]);
    expect(release.server.asked[0]).toMatch(new RegExp(`^github\\.com/moby/buildkit/.+/${asked[0]}$`));
  });

  it("is nowhere in the version that the user picked, which is the input's mistake", async () => {
    const release = await openRelease(async () => undefined);
    const trial = await setUp(undefined, { "tool-mirror": "" }, release.env);
    expectRefused(trial, `[input] buildkit 9.9.9-lab cannot be installed: ${BUILDKIT} was not found`);
    expect(trial.step.log).toContain("https://github.com/moby/buildkit/releases");
    expect(release.server.asked).toHaveLength(1);
  });

  it.each([
    ["403 Forbidden", "NO_PROXY"],
    ["407 Proxy Authentication Required", "USER:PASSWORD"],
  ])("a proxy does not let through: %s", async (answer, advice) => {
    const proxy = await openTunnelProxy(answer);
    onTestFinished(() => proxy.close());
    const { host } = new URL(proxy.url);
    const env = { https_proxy: `http://ann:pa%40ss@${host}` };
    const trial = await setUp(undefined, { "tool-mirror": "" }, env);
    const status = answer.slice(0, 3);
    expectRefused(trial, `[network] The proxy http://${host} refuses the connection to github.com with ${status}.`);
    expect(trial.step.log).toContain(advice);
    expect(trial.step.log).not.toMatch(/pa%40ss|pa@ss|ann:|Attempt 2 of/);
    expect(proxy.asked).toEqual(["github.com:443"]);
  });

  it("is of a version whose checksum nobody knows, before it is asked for", async () => {
    const trial = await setUp(undefined, { tools: "buildkit@9.9.7", "tool-checksums": "" });
    expectRefused(trial, "[input] tools: the checksum of buildkit 9.9.7 is not known");
    expect(setting.machine.mirror.asked).toEqual([]);
  });
});

describe("a download goes well that", () => {
  it.each([
    ["is too much for the mirror three times", 3, tooMany],
    ["breaks off once", 1, breakOff],
  ])("%s", async (_, times, answer) => {
    let left = times;
    const { step, cached } = await setUp((response) => {
      left -= 1;
      if (left >= 0) answer(response);
      return left >= 0;
    });
    expect(step.code, step.log).toBe(0);
    expect(setting.machine.mirror.asked).toEqual(new Array(times + 1).fill(BUILDKIT));
    expect(cached).toEqual(["bento-image-buildkit"]);
  });

  it("comes from the release itself through a tunnel of a proxy", async () => {
    const { directory } = setting.machine.releases;
    const release = await openRelease((path) => readFile(join(directory, path.slice(path.lastIndexOf("/") + 1))));
    const { step, cached } = await setUp(undefined, { "tool-mirror": "" }, release.env);
    expect(step.code, step.log).toBe(0);
    expect(cached).toEqual(["bento-image-buildkit"]);
    expect(release.proxy.asked).toEqual(["github.com:443"]);
    expect(release.server.asked).toEqual([`github.com/moby/buildkit/releases/download/v9.9.9-lab/${BUILDKIT}`]);
    expect(setting.machine.mirror.asked).toEqual([]);
  });

  it("comes through a proxy", async () => {
    const proxy = await openProxy(setting.machine.mirror.url);
    const env = { http_proxy: proxy.url, no_proxy: "127.0.0.1" };
    const { step } = await setUp(undefined, { "tool-mirror": "http://releases.invalid/tools" }, env);
    expect(step.code, step.log).toBe(0);
    expect(proxy.asked.at(-1)).toBe(`http://releases.invalid/tools/${BUILDKIT}`);
  });
});

type Answer = Parameters<Mishap>[0];

function tooMany(response: Answer): void {
  response.writeHead(429, { "retry-after": "0" }).end();
}

function breakOff(response: Answer): void {
  response.writeHead(200, { "content-length": 1000 });
  response.write("half", () => response.destroy());
}

/** A github.com of the test's own, which is reached through a proxy alone. */
async function openRelease(give: (path: string) => Promise<Uint8Array | undefined>) {
  const directory = await mkdtemp(join(tmpdir(), "bento-image-release-"));
  const { authority, server: certificate } = await makeCertificates(directory, "DNS:github.com");
  const server = await openTlsServer(certificate, give);
  const proxy = await openTunnelProxy(server.port);
  onTestFinished(async () => {
    await Promise.all([proxy.close(), server.close()]);
    await rm(directory, { recursive: true });
  });
  return { proxy, server, env: { https_proxy: proxy.url, NODE_EXTRA_CA_CERTS: authority.cert } };
}

/** Hands plain requests on to the server. */
async function openProxy(server: string) {
  const asked: string[] = [];
  const proxy = createServer(({ url = "" }, response) => {
    asked.push(url);
    void fetch(`${server}${new URL(url).pathname}`).then(async ({ status, body }) => {
      response.writeHead(status);
      for await (const chunk of body ?? []) response.write(chunk);
      response.end();
    });
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
}
