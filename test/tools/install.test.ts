import { appendFile, cp, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import type { HttpRequest } from "../../src/machine/machine.ts";
import { installTool } from "../../src/tools/install.ts";
import { makeTar } from "../bento/archive/making.ts";
import {
  ARM,
  BUILDKIT_FILE,
  BUILDKIT_PATH,
  buildkit,
  buildkitArchive,
  elf,
  IMPATIENT,
  serving,
  setUp,
  startMirror,
  X64,
} from "./ground.ts";

const ARCHIVE = buildkitArchive();
const NOWHERE = "http://127.0.0.1:1";
const missing = (toolMirror: string) => ({ toolMirror, install: undefined });

describe("a tool that is not there", () => {
  it("is installed from the mirror: its programs alone, and they may be run", async () => {
    const { machine, cache, left } = await setUp();
    const mirror = await startMirror(serving(ARCHIVE));
    const tool = await installTool(buildkit(ARCHIVE), missing(mirror.url), machine, IMPATIENT);
    const root = join(cache, "bento-image-buildkit/9.9.9/x64");
    expect(tool).toEqual({ name: "buildkit", version: "9.9.9", root, directory: join(root, "bin"), from: "mirror" });
    expect(mirror.asked).toEqual([`/${BUILDKIT_PATH}`]);
    expect((await stat(join(root, "bin/buildkitd"))).mode & 0o777).toBe(0o755);
    expect(await readFile(join(root, "bin/buildkitd"), "latin1")).toBe(elf(X64));
    expect((await left()).toSorted()).toEqual([
      "cache/bento-image-buildkit/9.9.9/x64.complete",
      "cache/bento-image-buildkit/9.9.9/x64/bento-image.json",
      "cache/bento-image-buildkit/9.9.9/x64/bin/buildctl",
      "cache/bento-image-buildkit/9.9.9/x64/bin/buildkitd",
    ]);
  });

  it("is found in a mirror that is a flat folder of a server", async () => {
    const { machine } = await setUp();
    const mirror = await startMirror(({ url }, response) => {
      if (url === `/tools/${BUILDKIT_FILE}`) response.end(ARCHIVE);
      else response.writeHead(404).end();
    });
    const tool = await installTool(buildkit(ARCHIVE), missing(`${mirror.url}/tools`), machine, IMPATIENT);
    expect(tool.from).toBe("mirror");
    expect(mirror.asked).toEqual([`/tools/${BUILDKIT_PATH}`, `/tools/${BUILDKIT_FILE}`]);
  });

  it.each([BUILDKIT_PATH, BUILDKIT_FILE])("is found in a directory, as %s", async (path) => {
    const { machine, setting } = await setUp();
    const file = join(setting.root, "mirror", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, ARCHIVE);
    for (const mirror of [join(setting.root, "mirror"), `file://${setting.root}/mirror`]) {
      const settings = { toolMirror: mirror, install: "always" } as const;
      expect((await installTool(buildkit(ARCHIVE), settings, machine, IMPATIENT)).from).toBe("mirror");
    }
  });

  it("is a single program where the release is one", async () => {
    const { machine } = await setUp();
    const program = Buffer.from(elf(X64), "utf8");
    const mirror = await startMirror((_, response) => response.end(program));
    const asset = buildkit(program, { tool: "buildx" });
    const tool = await installTool(asset, missing(mirror.url), machine, IMPATIENT);
    const plugin = join(tool.directory, "docker-buildx");
    expect([await readFile(plugin), (await stat(plugin)).mode & 0o777]).toEqual([program, 0o755]);
  });

  it("is asked for through the proxy of the environment", async () => {
    const mirror = await startMirror(serving(ARCHIVE));
    const proxied: string[] = [];
    const proxy = createServer((request, response) => {
      proxied.push(request.url ?? "");
      const onward = new URL(request.url ?? "", mirror.url);
      onward.host = new URL(mirror.url).host;
      send(onward, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      }).end();
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    const { machine } = await setUp({ http_proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
    await installTool(buildkit(ARCHIVE), missing("http://mirror.invalid"), machine, IMPATIENT);
    expect(proxied).toEqual([`http://mirror.invalid/${BUILDKIT_PATH}`]);
  });

  it("is installed by two runs at the same time, which do not disturb each other", async () => {
    const { machine } = await setUp();
    const mirror = await startMirror(serving(ARCHIVE));
    const install = (policy: "missing" | "always") =>
      installTool(buildkit(ARCHIVE), { toolMirror: mirror.url, install: policy }, machine, IMPATIENT);
    const tools = await Promise.all([install("missing"), install("missing"), install("always"), install("always")]);
    expect(new Set(tools.map(({ directory }) => directory)).size).toBe(1);
    expect((await install("missing")).from).toBe("cache");
  });

  it("stays away when the run is cancelled", async () => {
    const { machine, abort, left } = await setUp();
    const mirror = await startMirror((_, response) => {
      response.writeHead(200, { "content-length": ARCHIVE.length });
      response.write(ARCHIVE.subarray(0, 10), () => abort.abort("SIGTERM"));
    });
    const installing = installTool(buildkit(ARCHIVE), missing(mirror.url), machine, IMPATIENT);
    await expect(installing).rejects.toMatchObject({ class: "cancelled" });
    expect(await left()).toEqual([]);
  });
});

describe("a tool in the cache", () => {
  async function warm() {
    const ground = await setUp();
    const mirror = await startMirror(serving(ARCHIVE));
    const tool = await installTool(buildkit(ARCHIVE), missing(mirror.url), ground.machine, IMPATIENT);
    return { ...ground, mirror, tool };
  }

  it("needs no network", async () => {
    const { machine, tool } = await warm();
    const again = await installTool(buildkit(ARCHIVE), missing(NOWHERE), machine, IMPATIENT);
    expect(again).toEqual({ ...tool, from: "cache" });
  });

  it("is installed anew when that is always asked", async () => {
    const { machine, mirror } = await warm();
    const settings = { toolMirror: mirror.url, install: "always" } as const;
    expect((await installTool(buildkit(ARCHIVE), settings, machine, IMPATIENT)).from).toBe("mirror");
    expect(mirror.asked).toHaveLength(2);
  });

  it.each([
    ["a changed program", (root: string) => appendFile(join(root, "bin/buildctl"), "!"), "bin/buildctl was changed"],
    ["a program more", (root: string) => writeFile(join(root, "bin/docker"), "#!"), "bin/docker was added"],
    ["no record", (root: string) => writeFile(join(root, "bento-image.json"), "{"), "it has no record"],
    [
      "programs of another file",
      (root: string) => writeFile(join(root, "bento-image.json"), '{"asset":"0","files":{}}'),
      "it came from another file",
    ],
  ])("is installed anew when it has %s", async (_, tamper, reason) => {
    const { machine, mirror, setting, tool } = await warm();
    await tamper(tool.root);
    const again = await installTool(buildkit(ARCHIVE), missing(mirror.url), machine, IMPATIENT);
    expect(again).toEqual({ ...tool, from: "mirror" });
    expect(setting.said).toContainEqual(expect.stringContaining(reason));
    expect((await installTool(buildkit(ARCHIVE), missing(NOWHERE), machine, IMPATIENT)).from).toBe("cache");
  });

  it("is not believed when its installation was killed in the middle", async () => {
    const { machine, mirror, cache } = await warm();
    const half = await setUp();
    await cp(
      join(cache, "bento-image-buildkit/9.9.9/x64/bin"),
      join(half.cache, "bento-image-buildkit/9.9.9/x64/bin"),
      {
        recursive: true,
      },
    );
    const tool = await installTool(buildkit(ARCHIVE), missing(mirror.url), { ...machine, ...half.machine }, IMPATIENT);
    expect(tool.from).toBe("mirror");
  });
});

describe("what is not installed, and leaves nothing", () => {
  async function refused(answer: Parameters<typeof startMirror>[0], asset = buildkit(ARCHIVE)) {
    const { machine, left } = await setUp();
    const mirror = await startMirror(answer);
    const failure = await installTool(asset, missing(mirror.url), machine, IMPATIENT).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(await left()).toEqual([]);
    return { failure, requests: mirror.asked.length };
  }

  it("is a file whose checksum is another, and it is asked for once", async () => {
    const tampered = buildkitArchive(X64, "evil");
    const { failure, requests } = await refused(serving(tampered));
    expect(failure).toMatchObject({
      class: "tool",
      code: "ChecksumMismatch",
      lines: [expect.stringContaining(buildkit(ARCHIVE).sha256), expect.stringContaining(buildkit(tampered).sha256)],
    });
    expect(requests).toBe(1);
  });

  it("is a file longer than was published", async () => {
    const { failure, requests } = await refused(serving(ARCHIVE), buildkit(ARCHIVE, { size: ARCHIVE.length - 1 }));
    expect([failure, requests]).toMatchObject([{ class: "tool", code: "TooLarge" }, 1]);
  });

  it("is a download that always breaks off, after five tries", async () => {
    const { failure, requests } = await refused((_, response) => {
      response.writeHead(200, { "content-length": ARCHIVE.length });
      response.write(ARCHIVE.subarray(0, 20), () => response.destroy());
    });
    expect([failure, requests]).toMatchObject([{ class: "network", hint: expect.stringContaining("tool-mirror") }, 5]);
  });

  it("is a program of another machine", async () => {
    const foreign = buildkitArchive(ARM);
    const { failure } = await refused(serving(foreign), buildkit(foreign));
    expect(failure).toMatchObject({ class: "tool", code: "WrongArchitecture" });
  });

  it("is something that is no program", async () => {
    const text = gzipSync(makeTar({ path: "bin/buildkitd", mode: 0o755, content: "<html>" }));
    const { failure } = await refused(serving(text), buildkit(text));
    expect(failure).toMatchObject({ class: "tool", code: "WrongArchitecture" });
  });

  it("is an archive that climbs out of its folder", async () => {
    const evil = gzipSync(makeTar({ path: "bin/../../../escape", mode: 0o755, content: elf(X64) }));
    const { failure } = await refused(serving(evil), buildkit(evil));
    expect(failure).toMatchObject({ class: "tool", code: "UnsafePath" });
  });

  it("is an archive without the program", async () => {
    const other = gzipSync(makeTar({ path: "buildkitd", mode: 0o755, content: elf(X64) }));
    const { failure } = await refused(serving(other), buildkit(other));
    expect(failure).toMatchObject({ class: "tool", code: "ProgramMissing" });
  });

  it("is no archive at all", async () => {
    const junk = Buffer.from("junk");
    const { failure } = await refused(serving(junk), buildkit(junk));
    expect(failure).toMatchObject({ class: "tool", code: "ArchiveCorrupt" });
  });

  it("is what a server refuses, asked for once", async () => {
    const { failure, requests } = await refused((_, response) => response.writeHead(403).end());
    expect([failure, requests]).toMatchObject([{ class: "auth" }, 1]);
  });

  it("is what a server never gives, and the class says why", async () => {
    const limited = await refused((_, response) => response.writeHead(429).end());
    expect([limited.failure, limited.requests]).toMatchObject([{ class: "rate-limit" }, 5]);
    const broken = await refused((_, response) => response.writeHead(503).end());
    expect([broken.failure, broken.requests]).toMatchObject([{ class: "network" }, 5]);
  });

  it("is what redirects without end", async () => {
    const { failure, requests } = await refused((_, response) => response.writeHead(302, { location: "/again" }).end());
    expect([failure, requests]).toMatchObject([{ class: "network", message: expect.stringContaining("5 times") }, 6]);
  });

  it("is what nobody serves: offline, the hint names the mirror and the cache", async () => {
    const { machine, left } = await setUp();
    await expect(installTool(buildkit(ARCHIVE), missing(NOWHERE), machine, IMPATIENT)).rejects.toMatchObject({
      class: "network",
      message: `${BUILDKIT_FILE} cannot be fetched from ${NOWHERE}: nothing listens there.`,
      lines: ["connect ECONNREFUSED 127.0.0.1:1"],
      hint: expect.stringMatching(/HTTPS_PROXY.*tool-mirror.*tool cache/),
    });
    expect(await left()).toEqual([]);
  });
});

describe("a proxy that does not let through", () => {
  /** Answers every request for a tunnel with the status line. */
  async function installVia(answer: string) {
    const asked: string[] = [];
    const proxy = createServer().on("connect", ({ url = "" }, socket) => {
      asked.push(url);
      socket.end(`HTTP/1.1 ${answer}\r\n\r\n`);
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void proxy.close());
    const host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const { machine, left } = await setUp({ https_proxy: `http://zoe:pa%40ss@${host}` });
    const failure = await installTool(buildkit(ARCHIVE), missing("https://mirror.invalid"), machine, IMPATIENT).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(await left()).toEqual([]);
    expect(inspect(failure)).not.toMatch(/zoe|pa%40ss|pa@ss/);
    return { failure, asked, host };
  }

  it.each([
    ["403 Forbidden", "NO_PROXY"],
    ["407 Proxy Authentication Required", "USER:PASSWORD"],
    ["400 Bad Request", "NO_PROXY"],
  ])("is named and asked once: %s", async (answer, advice) => {
    const { failure, asked, host } = await installVia(answer);
    const status = answer.slice(0, 3);
    expect(failure).toMatchObject({
      class: "network",
      code: "ProxyRefused",
      message: `The proxy http://${host} refuses the way to mirror.invalid with ${status}.`,
      lines: [expect.stringContaining(answer)],
      hint: expect.stringContaining(advice),
    });
    expect(asked).toEqual(["mirror.invalid:443"]);
  });

  it.each(["503 Service Unavailable", "429 Too Many Requests"])("is asked again after %s", async (answer) => {
    const { failure, asked } = await installVia(answer);
    expect(failure).toMatchObject({ class: "network", code: "Unreachable" });
    expect(asked).toHaveLength(5);
  });

  it("has no address that can be read, which is said without its password", async () => {
    const { machine } = await setUp({ https_proxy: "http://ann:pa/ss@proxy.example:3128" });
    const installing = installTool(buildkit(ARCHIVE), missing("https://mirror.invalid"), machine, IMPATIENT);
    const failure = await installing.catch((error: unknown) => error);
    expect(failure).toMatchObject({ class: "network", code: "ProxyInvalid" });
    expect(inspect(failure)).not.toContain("pa/ss");
  });
});

describe("a file that nobody has", () => {
  it.each([
    [true, "input", "input tools"],
    [false, "tool", "install buildkit on the runner"],
  ])("is told with every place that was asked, and what to do: a wish of the user %s", async (isWish, kind, advice) => {
    const { machine } = await setUp();
    const mirror = await startMirror((_, response) => response.writeHead(404).end());
    const http = {
      // github.com is not for a test.
      request: (request: HttpRequest) =>
        machine.http.request({ ...request, url: new URL(request.url.pathname, mirror.url) }),
    };
    const installing = installTool(buildkit(ARCHIVE, { isWish }), missing(mirror.url), { ...machine, http }, IMPATIENT);
    await expect(installing).rejects.toMatchObject({
      class: kind,
      code: "NotFound",
      message: `buildkit 9.9.9 cannot be installed: nobody has ${BUILDKIT_FILE}`,
      lines: [
        `not at ${mirror.url}/${BUILDKIT_PATH}`,
        `not at ${mirror.url}/${BUILDKIT_FILE}`,
        `not at https://github.com/${BUILDKIT_PATH}`,
      ],
      hint: expect.stringMatching(new RegExp(`https://github.com/moby/buildkit/releases[ )].*${advice}`)),
    });
    expect(mirror.asked).toEqual([`/${BUILDKIT_PATH}`, `/${BUILDKIT_FILE}`, `/${BUILDKIT_PATH}`]);
  });
});

describe("a server that is busy", () => {
  it.each([408, 429, 500, 503])("is asked again after %s, and a wait that it asks for is kept", async (status) => {
    const { machine, setting } = await setUp();
    let refusals = 3;
    const mirror = await startMirror((request, response) => {
      refusals -= 1;
      if (refusals >= 0) response.writeHead(status, { "retry-after": "0" }).end();
      else serving(ARCHIVE)(request, response);
    });
    expect((await installTool(buildkit(ARCHIVE), missing(mirror.url), machine, IMPATIENT)).from).toBe("mirror");
    expect(mirror.asked).toHaveLength(4);
    expect(setting.said.filter((line) => line.includes("Trying again"))).toHaveLength(3);
  });

  it("is left alone when it asks for more patience than there is", async () => {
    const { machine } = await setUp();
    const mirror = await startMirror((_, response) => response.writeHead(429, { "retry-after": "3600" }).end());
    const installing = installTool(buildkit(ARCHIVE), missing(mirror.url), machine, IMPATIENT);
    await expect(installing).rejects.toMatchObject({ class: "rate-limit" });
    expect(mirror.asked).toHaveLength(1);
  });
});

describe("the cache itself", () => {
  it("is named when it cannot be written", async () => {
    const { machine, cache } = await setUp();
    const mirror = await startMirror(serving(ARCHIVE));
    await writeFile(join(cache, "bento-image-buildkit"), "in the way");
    const installing = installTool(buildkit(ARCHIVE), missing(mirror.url), machine, IMPATIENT);
    await expect(installing).rejects.toMatchObject({ class: "tool", code: "CacheNotWritable" });
  });
});
