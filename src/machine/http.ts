import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { isStreamed, sendPieces } from "./http-body.ts";
import type { Env, Http, HttpRequest, HttpResponse } from "./machine.ts";
import { isUntrusted, registryRoots } from "./trust.ts";

const IDLE_TIMEOUT = 30_000;

export interface RealHttp extends Http {
  /** Closes idle connections, which would keep the process alive. */
  close(): void;
}

interface Transport {
  readonly agent: Agent;
  request(url: URL, options: RequestOptions): ClientRequest;
}

/**
 * HTTP over node:http and node:https, never `fetch`: that keeps a copy of every streamed body in memory
 * (https://github.com/nodejs/undici/issues/4058). Honours HTTP_PROXY, HTTPS_PROXY and NO_PROXY from Node 24.5 on.
 * Trusts Node's roots, then those of `certs.d`, then those of the machine, as docker and podman do.
 */
export function realHttp(run: { readonly env: Env; readonly signal: AbortSignal }): RealHttp {
  const transports = new Map<string, Promise<Transport>>();
  const agents: Agent[] = [];
  const roots = new Map<string, Promise<string[] | undefined>>();
  let trustMachine = false;

  function transportOf(protocol: string): Promise<Transport> {
    const known = transports.get(protocol);
    if (known !== undefined) return known;
    const opened = openTransport(protocol, run.env).then((transport) => {
      agents.push(transport.agent);
      return transport;
    });
    transports.set(protocol, opened);
    return opened;
  }

  function rootsOf(url: URL): Promise<string[] | undefined> {
    const key = `${url.host} ${trustMachine}`;
    const found = roots.get(key) ?? gatherRoots(run.env, url.host, trustMachine);
    roots.set(key, found);
    return found;
  }

  async function attempt(request: HttpRequest): Promise<HttpResponse> {
    const { url } = request;
    const transport = await transportOf(url.protocol);
    const ca = url.protocol === "https:" ? await rootsOf(url) : undefined;
    const sent = transport.request(url, {
      method: request.method,
      headers: headersOf(request),
      agent: transport.agent,
      signal: request.signal ?? run.signal,
      timeout: request.idleTimeout ?? IDLE_TIMEOUT,
      ...(ca === undefined ? {} : { ca }),
    });
    return exchange(sent, request);
  }

  return {
    async request(request) {
      try {
        return await attempt(request);
      } catch (error) {
        if (trustMachine || !isUntrusted(error)) throw error;
        // Reading the machine's roots takes 0.1 s, so it waits until Node's own have proved too few.
        trustMachine = true;
        if (isStreamed(request.body)) throw error;
        return await attempt(request);
      }
    },
    close() {
      for (const agent of agents) agent.destroy();
    },
  };
}

/**
 * Loaded at first use: node:http takes longer to load than all the rest of a start. Not by `import`, which reads every
 * export of it, also the WebSocket that brings in the whole of undici (30 ms).
 */
async function openTransport(protocol: string, env: Env): Promise<Transport> {
  const options = { keepAlive: true, proxyEnv: { ...env } };
  if (protocol === "https:") {
    const https = process.getBuiltinModule("node:https");
    return { agent: new https.Agent(options), request: https.request };
  }
  const http = process.getBuiltinModule("node:http");
  return { agent: new http.Agent(options), request: http.request };
}

async function gatherRoots(env: Env, host: string, trustMachine: boolean): Promise<string[] | undefined> {
  const own = await registryRoots(env, host);
  if (own.length === 0 && !trustMachine) return undefined;
  const { getCACertificates } = await import("node:tls");
  return [...getCACertificates("default"), ...own, ...(trustMachine ? getCACertificates("system") : [])];
}

function headersOf({ headers, body }: HttpRequest): Record<string, string> {
  if (body === undefined || isStreamed(body)) return { ...headers };
  return { ...headers, "content-length": String(Buffer.byteLength(body)) };
}

function exchange(sent: ClientRequest, { body, url }: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    sent.on("error", reject);
    sent.on("timeout", () => (answer ?? sent).destroy(timedOut(url)));
    const sending = isStreamed(body) ? sendPieces(body, sent) : Promise.resolve();
    sending.catch(reject);
    sent.on("response", (response) => {
      answer = response;
      const given = { status: response.statusCode ?? 0, headers: flatten(response), body: response };
      sending.then(() => resolve(given), reject);
    });
    if (!isStreamed(body)) sent.end(body);
  });
}

function flatten(response: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}

function timedOut(url: URL): Error {
  return Object.assign(new Error(`${url.host} was silent for too long`), { code: "ETIMEDOUT" });
}
