import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { isStreamed, sendPieces } from "./http-body.ts";
import type { Env, Http, HttpRequest, HttpResponse } from "./machine.ts";
import { logged } from "./request-log.ts";
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

interface HttpContext {
  readonly env: Env;
  readonly signal: AbortSignal;
  /** Gets a line for every request; see {@link logged}. */
  readonly log?: (line: string) => void;
}

/**
 * HTTP with node:http and node:https. `fetch` is not used, because it keeps a copy of every streamed body in memory
 * (https://github.com/nodejs/undici/issues/4058). HTTP_PROXY, HTTPS_PROXY and NO_PROXY apply from Node 24.5 on. Trusted
 * CAs are Node's, then those of `certs.d`, then those of the machine, as with docker and podman.
 */
export function realHttp(run: HttpContext): RealHttp {
  const transports = new Map<string, Promise<Transport>>();
  const agents: Agent[] = [];
  const roots = new Map<string, Promise<string[] | undefined>>();
  let trustMachine = false;

  function transportOf(protocol: string): Promise<Transport> {
    const existing = transports.get(protocol);
    if (existing !== undefined) return existing;
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

  function attempt(request: HttpRequest): Promise<HttpResponse> {
    const { log } = run;
    return log === undefined ? send(request) : logged(request, () => send(request), log);
  }

  async function send(request: HttpRequest): Promise<HttpResponse> {
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
        // Reading the machine's CAs takes 0.1 s, so they are read only if Node's own are not sufficient.
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
 * Loads the module at first use, because node:http takes longer to load than everything else at the start. It does not use
 * `import`, which evaluates every export, including the WebSocket that loads all of undici (30 ms).
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
  return Object.assign(new Error(`${url.host} sent no data within the idle timeout`), { code: "ETIMEDOUT" });
}
