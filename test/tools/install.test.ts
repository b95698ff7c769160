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
  FAST_RETRIES,
  serving,
  setUp,
  startMirror,
  X64,
} from "./setting.ts";

const ARCHIVE = buildkitArchive();
const NOWHERE = "http://127.0.0.1:1";
const missing = (toolMirror: string) => ({ toolMirror, install: undefined });

describe("a missing tool", () => {
  it("is installed from the mirror: only its programs, with execute permission", async () => {
    const { machine, cache, remaining } = await setUp();
    const mirror = await startMirror(serving(ARCHIVE));
    const tool = await installTool(buildkit(ARCHIVE), missing(mirror.url), machine, FAST_RETRIES);
    const root = join(cache, "bento-image-buildkit/9.9.9/x64");
    expect(tool).toEqual({ name: "buildkit", version: "9.9.9", root, directory: join(root, "bin"), from: "mirror" });
    expect(mirror.requests).toEqual([`/${BUILDKIT_PATH}`]);
    expect((await stat(join(root, "bin/buildkitd"))).mode & 0o777).toBe(0o755);
    expect(await readFile(join(root, "bin/buildkitd"), "latin1")).toBe(elf(X64));
    expect((await remaining()).toSorted()).toEqual([
      "cache/bento-image-buildkit/9.9.9/x64.complete",
      "cache/bento-image-buildkit/9.9.9/x64/bento-image.json",
      "cache/bento-image-buildkit/9.9.9/x64/bin/buildctl",
      "cache/bento-image-buildkit/9.9.9/x64/bin/buildkitd",
    ]);
  });

  it("is found in a flat folder of a mirror", async () => {
    const { machine } = await setUp();
    const mirror = await startMirror(({ url }, response) => {
      if (url === `/tools/${BUILDKIT_FILE}`) response.end(ARCHIVE);
      else response.writeHead(404).end();
    });
    const tool = await installTool(buildkit(ARCHIVE), missing(`${mirror.url}/tools`), machine, FAST_RETRIES);
    expect(tool.from).toBe("mirror");
    expect(mirror.requests).toEqual([`/tools/${BUILDKIT_PATH}`, `/tools/${BUILDKIT_FILE}`]);
  });

  it.each([BUILDKIT_PATH, BUILDKIT_FILE])("is found in a directory as %s", async (path) => {
    const { machine, setting } = await setUp();
    const file = join(setting.root, "mirror", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, ARCHIVE);
    for (const mirror of [join(setting.root, "mirror"), `file://${setting.root}/mirror`]) {
      const settings = { toolMirror: mirror, install: "always" } as const;
      expect((await installTool(buildkit(ARCHIVE), settings, machine, FAST_RETRIES)).from).toBe("mirror");
    }
  });

  it("is a single program if the release file is one", async () => {
    const { machine } = await setUp();
    const program = Buffer.from(elf(X64), "utf8");
    const mirror = await startMirror((_, response) => response.end(program));
    const asset = buildkit(program, { tool: "buildx" });
    const tool = await installTool(asset, missing(mirror.url), machine, FAST_RETRIES);
    const plugin = join(tool.directory, "docker-buildx");
    expect([await readFile(plugin), (await stat(plugin)).mode & 0o777]).toEqual([program, 0o755]);
  });

  it("is downloaded through the proxy of the environment", async () => {
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
    await installTool(buildkit(ARCHIVE), missing("http://mirror.invalid"), machine, FAST_RETRIES);
    expect(proxied).toEqual([`http://mirror.invalid/${BUILDKIT_PATH}`]);
  });

  it("can be installed by two runs at the same time", async () => {
    const { machine } = await setUp();
    const mirror = await startMirror(serving(ARCHIVE));
    const install = (policy: "missing" | "always") =>
      installTool(buildkit(ARCHIVE), { toolMirror: mirror.url, install: policy }, machine, FAST_RETRIES);
    const tools = await Promise.all([install("missing"), install("missing"), install("always"), install("always")]);
    expect(new Set(tools.map(({ directory }) => directory)).size).toBe(1);
    expect((await install("missing")).from).toBe("cache");
  });

  it("leaves nothing when the run is cancelled", async () => {
    const { machine, abort, remaining } = await setUp();
    const mirror = await startMirror((_, response) => {
      response.writeHead(200, { "content-length": ARCHIVE.length });
      response.write(ARCHIVE.subarray(0, 10), () => abort.abort("SIGTERM"));
    });
    const installing = installTool(buildkit(ARCHIVE), missing(mirror.url), machine, FAST_RETRIES);
    await expect(installing).rejects.toMatchObject({ class: "cancelled" });
    expect(await remaining()).toEqual([]);
  });
});

describe("a tool in the cache", () => {
  async function installOnce() {
    const setting = await setUp();
    const mirror = await startMirror(serving(ARCHIVE));
    const tool = await installTool(buildkit(ARCHIVE), missing(mirror.url), setting.machine, FAST_RETRIES);
    return { ...setting, mirror, tool };
  }

  it("is used without network access", async () => {
    const { machine, tool } = await installOnce();
    const again = await installTool(buildkit(ARCHIVE), missing(NOWHERE), machine, FAST_RETRIES);
    expect(again).toEqual({ ...tool, from: "cache" });
  });

  it("is installed again with install: always", async () => {
    const { machine, mirror } = await installOnce();
    const settings = { toolMirror: mirror.url, install: "always" } as const;
    expect((await installTool(buildkit(ARCHIVE), settings, machine, FAST_RETRIES)).from).toBe("mirror");
    expect(mirror.requests).toHaveLength(2);
  });

  it.each([
    ["a changed program", (root: string) => appendFile(join(root, "bin/buildctl"), "!"), "bin/buildctl was changed"],
    ["an added program", (root: string) => writeFile(join(root, "bin/docker"), "#!"), "bin/docker was added"],
    ["no record", (root: string) => writeFile(join(root, "bento-image.json"), "{"), "it has no record"],
    [
      "programs of another file",
      (root: string) => writeFile(join(root, "bento-image.json"), '{"asset":"0","files":{}}'),
      "it came from another file",
    ],
  ])("is installed again if it has %s", async (_, tamper, reason) => {
    const { machine, mirror, setting, tool } = await installOnce();
    await tamper(tool.root);
    const again = await installTool(buildkit(ARCHIVE), missing(mirror.url), machine, FAST_RETRIES);
    expect(again).toEqual({ ...tool, from: "mirror" });
    expect(setting.said).toContainEqual(expect.stringContaining(reason));
    expect((await installTool(buildkit(ARCHIVE), missing(NOWHERE), machine, FAST_RETRIES)).from).toBe("cache");
  });

  it("is installed again if its installation was killed halfway", async () => {
    const { machine, mirror, cache } = await installOnce();
    const half = await setUp();
    await cp(
      join(cache, "bento-image-buildkit/9.9.9/x64/bin"),
      join(half.cache, "bento-image-buildkit/9.9.9/x64/bin"),
      {
        recursive: true,
      },
    );
    const tool = await installTool(
      buildkit(ARCHIVE),
      missing(mirror.url),
      { ...machine, ...half.machine },
      FAST_RETRIES,
    );
    expect(tool.from).toBe("mirror");
  });
});

describe("an installation that fails, and leaves nothing", () => {
  async function failedInstall(answer: Parameters<typeof startMirror>[0], asset = buildkit(ARCHIVE)) {
    const { machine, remaining } = await setUp();
    const mirror = await startMirror(answer);
    const failure = await installTool(asset, missing(mirror.url), machine, FAST_RETRIES).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(await remaining()).toEqual([]);
    return { failure, requests: mirror.requests.length };
  }

  it("is that of a file with another checksum, after one request", async () => {
    const tampered = buildkitArchive(X64, "evil");
    const { failure, requests } = await failedInstall(serving(tampered));
    expect(failure).toMatchObject({
      class: "tool",
      code: "ChecksumMismatch",
      lines: [expect.stringContaining(buildkit(ARCHIVE).sha256), expect.stringContaining(buildkit(tampered).sha256)],
    });
    expect(requests).toBe(1);
  });

  it("is that of a file longer than published", async () => {
    const { failure, requests } = await failedInstall(
      serving(ARCHIVE),
      buildkit(ARCHIVE, { size: ARCHIVE.length - 1 }),
    );
    expect([failure, requests]).toMatchObject([{ class: "tool", code: "TooLarge" }, 1]);
  });

  it("is a download that always breaks, after five tries", async () => {
    const { failure, requests } = await failedInstall((_, response) => {
      response.writeHead(200, { "content-length": ARCHIVE.length });
      response.write(ARCHIVE.subarray(0, 20), () => response.destroy());
    });
    expect([failure, requests]).toMatchObject([{ class: "network", hint: expect.stringContaining("tool-mirror") }, 5]);
  });

  it("is that of a program for another machine", async () => {
    const otherMachine = buildkitArchive(ARM);
    const { failure } = await failedInstall(serving(otherMachine), buildkit(otherMachine));
    expect(failure).toMatchObject({ class: "tool", code: "WrongArchitecture" });
  });

  it("is that of a file that is not a program", async () => {
    const text = gzipSync(makeTar({ path: "bin/buildkitd", mode: 0o755, content: "<html>" }));
    const { failure } = await failedInstall(serving(text), buildkit(text));
    expect(failure).toMatchObject({ class: "tool", code: "WrongArchitecture" });
  });

  it("is that of an archive with a path outside of its directory", async () => {
    const evil = gzipSync(makeTar({ path: "bin/../../../escape", mode: 0o755, content: elf(X64) }));
    const { failure } = await failedInstall(serving(evil), buildkit(evil));
    expect(failure).toMatchObject({ class: "tool", code: "UnsafePath" });
  });

  it("is that of an archive without the program", async () => {
    const other = gzipSync(makeTar({ path: "buildkitd", mode: 0o755, content: elf(X64) }));
    const { failure } = await failedInstall(serving(other), buildkit(other));
    expect(failure).toMatchObject({ class: "tool", code: "ProgramMissing" });
  });

  it("is that of a file that is not an archive", async () => {
    const junk = Buffer.from("junk");
    const { failure } = await failedInstall(serving(junk), buildkit(junk));
    expect(failure).toMatchObject({ class: "tool", code: "ArchiveCorrupt" });
  });

  it("is one that a server refuses, after one request", async () => {
    const { failure, requests } = await failedInstall((_, response) => response.writeHead(403).end());
    expect([failure, requests]).toMatchObject([{ class: "auth" }, 1]);
  });

  it("is one that a server cannot answer, with the class of the reason", async () => {
    const limited = await failedInstall((_, response) => response.writeHead(429).end());
    expect([limited.failure, limited.requests]).toMatchObject([{ class: "rate-limit" }, 5]);
    const broken = await failedInstall((_, response) => response.writeHead(503).end());
    expect([broken.failure, broken.requests]).toMatchObject([{ class: "network" }, 5]);
  });

  it("is one with endless redirects", async () => {
    const { failure, requests } = await failedInstall((_, response) =>
      response.writeHead(302, { location: "/again" }).end(),
    );
    expect([failure, requests]).toMatchObject([{ class: "network", message: expect.stringContaining("5 times") }, 6]);
  });

  it("is one without network access, with a hint at mirror and tool cache", async () => {
    const { machine, remaining } = await setUp();
    await expect(installTool(buildkit(ARCHIVE), missing(NOWHERE), machine, FAST_RETRIES)).rejects.toMatchObject({
      class: "network",
      message: `${BUILDKIT_FILE} cannot be fetched from ${NOWHERE}: the connection was refused.`,
      lines: ["connect ECONNREFUSED 127.0.0.1:1"],
      hint: expect.stringMatching(/HTTPS_PROXY.*tool-mirror.*tool cache/),
    });
    expect(await remaining()).toEqual([]);
  });
});

describe("a proxy that refuses", () => {
  /** Answers every request for a tunnel with the status line. */
  async function installVia(answer: string) {
    const requests: string[] = [];
    const proxy = createServer().on("connect", ({ url = "" }, socket) => {
      requests.push(url);
      socket.end(`HTTP/1.1 ${answer}\r\n\r\n`);
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void proxy.close());
    const host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const { machine, remaining } = await setUp({ https_proxy: `http://zoe:pa%40ss@${host}` });
    const failure = await installTool(buildkit(ARCHIVE), missing("https://mirror.invalid"), machine, FAST_RETRIES).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(await remaining()).toEqual([]);
    expect(inspect(failure)).not.toMatch(/zoe|pa%40ss|pa@ss/);
    return { failure, requests, host };
  }

  it.each([
    ["403 Forbidden", "NO_PROXY"],
    ["407 Proxy Authentication Required", "USER:PASSWORD"],
    ["400 Bad Request", "NO_PROXY"],
  ])("is named after one request: %s", async (answer, advice) => {
    const { failure, requests, host } = await installVia(answer);
    const status = answer.slice(0, 3);
    expect(failure).toMatchObject({
      class: "network",
      code: "ProxyRefused",
      message: `The proxy http://${host} refuses the connection to mirror.invalid with ${status}.`,
      lines: [expect.stringContaining(answer)],
      hint: expect.stringContaining(advice),
    });
    expect(requests).toEqual(["mirror.invalid:443"]);
  });

  it.each(["503 Service Unavailable", "429 Too Many Requests"])("is tried again after %s", async (answer) => {
    const { failure, requests } = await installVia(answer);
    expect(failure).toMatchObject({ class: "network", code: "Unreachable" });
    expect(requests).toHaveLength(5);
  });

  it("with an invalid address is reported without its password", async () => {
    const { machine } = await setUp({ https_proxy: "http://ann:pa/ss@proxy.example:3128" });
    const installing = installTool(buildkit(ARCHIVE), missing("https://mirror.invalid"), machine, FAST_RETRIES);
    const failure = await installing.catch((error: unknown) => error);
    expect(failure).toMatchObject({ class: "network", code: "ProxyInvalid" });
    expect(inspect(failure)).not.toContain("pa/ss");
  });
});

describe("a file that no source has", () => {
  it.each([
    [true, "input", "input tools"],
    [false, "tool", "install buildkit on the runner"],
  ])("is reported with all sources and a hint (requested by the user: %s)", async (isRequested, kind, advice) => {
    const { machine } = await setUp();
    const mirror = await startMirror((_, response) => response.writeHead(404).end());
    const http = {
      // Requests to github.com go to the test's server.
      request: (request: HttpRequest) =>
        machine.http.request({ ...request, url: new URL(request.url.pathname, mirror.url) }),
    };
    const installing = installTool(
      buildkit(ARCHIVE, { isRequested }),
      missing(mirror.url),
      { ...machine, http },
      FAST_RETRIES,
    );
    await expect(installing).rejects.toMatchObject({
      class: kind,
      code: "NotFound",
      message: `buildkit 9.9.9 cannot be installed: ${BUILDKIT_FILE} was not found`,
      lines: [
        `not at ${mirror.url}/${BUILDKIT_PATH}`,
        `not at ${mirror.url}/${BUILDKIT_FILE}`,
        `not at https://github.com/${BUILDKIT_PATH}`,
      ],
      hint: expect.stringMatching(new RegExp(`https://github.com/moby/buildkit/releases[ )].*${advice}`)),
    });
    expect(mirror.requests).toEqual([`/${BUILDKIT_PATH}`, `/${BUILDKIT_FILE}`, `/${BUILDKIT_PATH}`]);
  });
});

describe("a busy server", () => {
  it.each([408, 429, 500, 503])("is tried again after %s, with the wait that it requests", async (status) => {
    const { machine, setting } = await setUp();
    let refusals = 3;
    const mirror = await startMirror((request, response) => {
      refusals -= 1;
      if (refusals >= 0) response.writeHead(status, { "retry-after": "0" }).end();
      else serving(ARCHIVE)(request, response);
    });
    expect((await installTool(buildkit(ARCHIVE), missing(mirror.url), machine, FAST_RETRIES)).from).toBe("mirror");
    expect(mirror.requests).toHaveLength(4);
    expect(setting.said.filter((line) => /Attempt \d of 5 in 0\.0 s/.test(line))).toHaveLength(3);
  });

  it("is not tried again if it requests a longer wait than allowed", async () => {
    const { machine } = await setUp();
    const mirror = await startMirror((_, response) => response.writeHead(429, { "retry-after": "3600" }).end());
    const installing = installTool(buildkit(ARCHIVE), missing(mirror.url), machine, FAST_RETRIES);
    await expect(installing).rejects.toMatchObject({ class: "rate-limit" });
    expect(mirror.requests).toHaveLength(1);
  });
});

describe("the tool cache", () => {
  it("is named in the failure if it cannot be written", async () => {
    const { machine, cache } = await setUp();
    const mirror = await startMirror(serving(ARCHIVE));
    await writeFile(join(cache, "bento-image-buildkit"), "in the way");
    const installing = installTool(buildkit(ARCHIVE), missing(mirror.url), machine, FAST_RETRIES);
    await expect(installing).rejects.toMatchObject({ class: "tool", code: "CacheNotWritable" });
  });
});
