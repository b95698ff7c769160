import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { setImmediate, setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type RealHttp, realHttp } from "../../src/machine/http.ts";
import type { Env } from "../../src/machine/machine.ts";

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function openHttp(env: Env = {}, signal = new AbortController().signal): RealHttp {
  const http = realHttp({ env, signal });
  cleanups.push(() => http.close());
  return http;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function serve(listener: RequestListener): Promise<URL> {
  return new URL(`http://127.0.0.1:${await listen(createServer(listener))}/`);
}

/** All pieces share one buffer, which is overwritten before each next piece. */
async function* pieces(whole: Buffer): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(1_000_000);
  for (let start = 0; start < whole.length; start += buffer.length) {
    yield buffer.subarray(0, whole.copy(buffer, 0, start, start + buffer.length));
    buffer.fill("?");
  }
}

describe("realHttp", () => {
  it("sends a stream with its exact length and returns status, headers in lower case and body", async () => {
    const seen: IncomingMessage["headers"][] = [];
    const url = await serve(async (request, response) => {
      seen.push(request.headers);
      response.writeHead(201, { "X-Size": (await buffer(request)).length });
      response.end("made");
    });
    const answer = await openHttp().request({
      method: "PUT",
      url,
      headers: { "content-length": "300000" },
      body: Readable.from([Buffer.alloc(100_000), Buffer.alloc(200_000)]),
    });
    expect(answer.status).toBe(201);
    expect(answer.headers["x-size"]).toBe("300000");
    expect(await text(answer.body)).toBe("made");
    expect(seen[0]).toMatchObject({ "content-length": "300000" });
    expect(seen[0]).not.toHaveProperty("transfer-encoding");
  });

  it("sends the length of a string in bytes", async () => {
    const url = await serve((request, response) => response.end(request.headers["content-length"]));
    const answer = await openHttp().request({ method: "POST", url, body: "ü" });
    expect(await text(answer.body)).toBe("2");
  });

  it("follows no redirect", async () => {
    const url = await serve((_, response) => response.writeHead(307, { location: "/elsewhere" }).end());
    const answer = await openHttp().request({ method: "GET", url });
    answer.body.resume();
    expect([answer.status, answer.headers["location"]]).toEqual([307, "/elsewhere"]);
  });

  it("uses one connection for successive requests", async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    });
    const http = openHttp();
    for (let turn = 0; turn < 3; turn++) await text((await http.request({ method: "GET", url })).body);
    expect(ports.size).toBe(1);
  });

  it("returns the response of a server that does not wait for the body, and stops sending", async () => {
    const url = await serve((_, response) => response.writeHead(401).end("no"));
    const body = new Readable({ read: () => body.push(Buffer.alloc(65_536)) });
    const answer = await openHttp().request({
      method: "PUT",
      url,
      headers: { "content-length": String(2 ** 40) },
      body,
    });
    expect([answer.status, await text(answer.body)]).toEqual([401, "no"]);
    expect(body.destroyed).toBe(true);
  });

  it("sends pieces that share one buffer to a server of any speed", async () => {
    const url = await serve(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) {
        chunks.push(chunk);
        await setImmediate();
      }
      response.end(createHash("sha256").update(Buffer.concat(chunks)).digest("hex"));
    });
    const whole = randomBytes(8_000_000);
    const body = pieces(whole);
    const headers = { "content-length": String(whole.length) };
    const answer = await openHttp().request({ method: "PUT", url, headers, body });
    expect(await text(answer.body)).toBe(createHash("sha256").update(whole).digest("hex"));
  });

  describe("ends the stream of a body", () => {
    const big = { "content-length": String(2 ** 40) };

    /** An endless stream of zeros that records whether it was ended. */
    function endless(): { body: AsyncGenerator<Uint8Array>; ended: Promise<void> } {
      const { promise, resolve } = Promise.withResolvers<void>();
      async function* zeros(): AsyncGenerator<Uint8Array> {
        const buffer = Buffer.alloc(65_536);
        try {
          for (;;) yield buffer;
        } finally {
          resolve();
        }
      }
      return { body: zeros(), ended: promise };
    }

    it("if the server responds early", async () => {
      const url = await serve((_, response) => response.writeHead(413).end("no"));
      const { body, ended } = endless();
      const answer = await openHttp().request({ method: "PUT", url, headers: big, body });
      expect([answer.status, await text(answer.body)]).toEqual([413, "no"]);
      await ended;
    });

    it("if the connection is reset", async () => {
      const url = await serve((request) => request.once("data", () => request.socket.resetAndDestroy()));
      const { body, ended } = endless();
      const sent = openHttp().request({ method: "PUT", url, headers: big, body });
      await expect(sent).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) });
      await ended;
    });

    it("if the run is cancelled", async () => {
      const run = new AbortController();
      const url = await serve((request) => request.once("data", () => run.abort()));
      const { body, ended } = endless();
      const sent = openHttp({}, run.signal).request({ method: "PUT", url, headers: big, body });
      await expect(sent).rejects.toMatchObject({ name: "AbortError" });
      await ended;
    });

    it("if the server does not read it", async () => {
      const url = await serve((request) => request.pause());
      const { body, ended } = endless();
      const sent = openHttp().request({ method: "PUT", url, headers: big, body, idleTimeout: 100 });
      await expect(sent).rejects.toMatchObject({ code: "ETIMEDOUT" });
      await ended;
    });

    it("if no server listens", async () => {
      const { body, ended } = endless();
      const sent = openHttp().request({ method: "PUT", url: new URL("http://127.0.0.1:9/"), headers: big, body });
      await expect(sent).rejects.toMatchObject({ code: "ECONNREFUSED" });
      await ended;
    });
  });

  it.each([
    ["longer", 4],
    ["shorter", 6],
  ])("refuses a body that is %s than announced", async (how, length) => {
    const url = await serve((request, response) => request.on("end", () => response.end()).resume());
    const headers = { "content-length": String(length) };
    const sent = openHttp().request({ method: "PUT", url, headers, body: pieces(Buffer.from("12345")) });
    await expect(sent).rejects.toThrow(`${how} than its content-length`);
  });

  it("rejects with an error of the body after its last byte", async () => {
    const url = await serve((request, response) => request.on("end", () => response.end()).resume());
    async function* damaged(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("12345");
      await setTimeout(20);
      throw new Error("these were the wrong bytes");
    }
    const sent = openHttp().request({ method: "PUT", url, headers: { "content-length": "5" }, body: damaged() });
    await expect(sent).rejects.toThrow("the wrong bytes");
  });

  it("keeps the connection after a body in pieces", async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      request.on("end", () => response.end()).resume();
    });
    const http = openHttp();
    for (let turn = 0; turn < 3; turn++) {
      const body = pieces(Buffer.alloc(100_000));
      await text((await http.request({ method: "PUT", url, headers: { "content-length": "100000" }, body })).body);
    }
    expect(ports.size).toBe(1);
  });

  it("rejects with the error of the body", async () => {
    const url = await serve((request, response) => request.on("end", () => response.end()).resume());
    const body = new Readable({ read: () => body.destroy(new Error("the disk is gone")) });
    await expect(openHttp().request({ method: "PUT", url, headers: { "content-length": "10" }, body })).rejects.toThrow(
      "the disk is gone",
    );
  });

  it("times out if a server sends no response", async () => {
    const url = await serve(() => undefined);
    await expect(openHttp().request({ method: "GET", url, idleTimeout: 50 })).rejects.toMatchObject({
      code: "ETIMEDOUT",
    });
  });

  it("times out if a server stops sending its response", async () => {
    const url = await serve((_, response) => response.writeHead(200, { "content-length": "10" }).write("half"));
    const answer = await openHttp().request({ method: "GET", url, idleTimeout: 50 });
    await expect(text(answer.body)).rejects.toMatchObject({ code: "ETIMEDOUT" });
  });

  it("ends requests when the run is cancelled, except those with their own signal", async () => {
    const run = new AbortController();
    const url = await serve((request, response) => {
      if (request.method === "DELETE") response.end("gone");
    });
    const http = openHttp({}, run.signal);
    const waiting = http.request({ method: "GET", url });
    run.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    const answer = await http.request({ method: "DELETE", url, signal: AbortSignal.timeout(10_000) });
    expect(await text(answer.body)).toBe("gone");
  });
});

describe("realHttp behind a proxy", () => {
  it("uses the proxy except for hosts of NO_PROXY", async () => {
    const proxy = await serve((request, response) => response.end(`proxied ${request.url}`));
    const url = await serve((_, response) => response.end("direct"));
    const ask = async (env: Env) => text((await openHttp(env).request({ method: "GET", url })).body);
    expect(await ask({ HTTP_PROXY: proxy.href })).toBe(`proxied ${url.href}`);
    expect(await ask({ HTTP_PROXY: proxy.href, NO_PROXY: "127.0.0.1" })).toBe("direct");
  });
});

describe("realHttp over TLS", () => {
  const fixtures = join(import.meta.dirname, "../fixtures/tls");

  async function serveTls(): Promise<URL> {
    const [key, cert] = await Promise.all([
      readFile(join(fixtures, "localhost.key")),
      readFile(join(fixtures, "localhost.crt")),
    ]);
    const server = createTlsServer({ key, cert }, (_, response) => response.end("secure"));
    return new URL(`https://localhost:${await listen(server)}/`);
  }

  async function homeThatTrusts(host: string): Promise<string> {
    const home = await mkdtemp(join(tmpdir(), "trust-"));
    cleanups.push(() => rm(home, { recursive: true }));
    const directory = join(home, ".config/containers/certs.d", host);
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, "ca.crt"), await readFile(join(fixtures, "localhost.crt")));
    return home;
  }

  it("refuses an untrusted certificate", async () => {
    const url = await serveTls();
    await expect(openHttp().request({ method: "GET", url })).rejects.toMatchObject({
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
  });

  it("trusts the CAs that podman has for the host", async () => {
    const url = await serveTls();
    const answer = await openHttp({ HOME: await homeThatTrusts(url.host) }).request({ method: "GET", url });
    expect(await text(answer.body)).toBe("secure");
  });

  it("trusts them through a proxy", async () => {
    const url = await serveTls();
    const proxy = createServer();
    const tunnels: string[] = [];
    proxy.on("connect", (request, client) => {
      tunnels.push(String(request.url));
      const server = connect(Number(url.port), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        server.pipe(client).pipe(server);
      });
      cleanups.push(() => server.destroy());
    });
    const env = { HOME: await homeThatTrusts(url.host), HTTPS_PROXY: `http://127.0.0.1:${await listen(proxy)}` };
    const answer = await openHttp(env).request({ method: "GET", url });
    expect(await text(answer.body)).toBe("secure");
    expect(tunnels).toEqual([url.host]);
  });
});
