/** A proxy before a registry that does to chosen requests what networks and registries do on bad days. */
import { createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";

/** What happens to a request. */
export type Mishap =
  /** The connection breaks when so many bytes of the request's body have been passed on. */
  | { readonly kind: "reset"; readonly afterBytes: number }
  /** It is answered here; the registry never sees it. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The registry's answer comes with other headers. */
  | { readonly kind: "headers"; readonly headers: Readonly<Record<string, string>> }
  /** The registry is made to forget the upload before it sees the request. */
  | { readonly kind: "forget" };

export interface Fault {
  /** Of the requests it happens to: a method, and a pattern for path and query. */
  readonly method: string;
  readonly path: RegExp;
  /** Only to bodies of so many bytes or more. */
  readonly atLeast?: number;
  /** To the first so many of them; to all when left out. */
  readonly times?: number;
  readonly mishap: Mishap;
}

export interface FaultProxy {
  /** `127.0.0.1:port`, to be used in place of the registry. */
  readonly host: string;
  /** `METHOD /path?query status` of each answer, `reset` instead of a status where the connection broke. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

/** @param registry `host:port` of a registry with plain HTTP. Of several faults for a request the first counts. */
export async function openFaultProxy(options: {
  readonly registry: string;
  readonly faults: readonly Fault[];
}): Promise<FaultProxy> {
  const log: string[] = [];
  const left = new Map(options.faults.map((fault) => [fault, fault.times ?? Number.POSITIVE_INFINITY]));

  function mishapOf({ method, url = "", headers }: IncomingMessage): Mishap | undefined {
    const length = Number(headers["content-length"] ?? 0);
    for (const [fault, times] of left) {
      if (times === 0 || fault.method !== method || !fault.path.test(url) || length < (fault.atLeast ?? 0)) continue;
      left.set(fault, times - 1);
      return fault.mishap;
    }
    return undefined;
  }

  const server = createServer((request, response) => {
    const { method, url, socket } = request;
    const note = (outcome: number | string) => log.push(`${method} ${url} ${outcome}`);
    handle(options.registry, mishapOf(request), request, response).then(note, () => {
      note("reset");
      socket.resetAndDestroy();
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    close() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

/** Gives the status of the answer. */
async function handle(
  registry: string,
  mishap: Mishap | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<number> {
  if (mishap?.kind === "answer") {
    response.writeHead(mishap.status, mishap.headers).end(request.method === "HEAD" ? undefined : mishap.body);
    return mishap.status;
  }
  const answer = mishap?.kind === "forget" ? await forget(registry, request) : await passOn(registry, request, mishap);
  const headers = { ...answer.headers, ...(mishap?.kind === "headers" ? mishap.headers : {}) };
  response.writeHead(answer.statusCode ?? 502, headers);
  await pipeline(answer, response);
  return response.statusCode;
}

/** The client's own Host header stays, so the addresses that the registry gives lead back here. */
function passOn(registry: string, request: IncomingMessage, mishap: Mishap | undefined): Promise<IncomingMessage> {
  const { method, url, headers } = request;
  const limit = mishap?.kind === "reset" ? mishap.afterBytes : Number.POSITIVE_INFINITY;
  return new Promise((resolve, reject) => {
    const passed = send(`http://${registry}${url}`, { method, headers, agent: false }, resolve);
    passed.on("error", reject);
    pipeline(upTo(limit, request), passed).catch((error: Error) => {
      passed.destroy();
      reject(error);
    });
  });
}

async function* upTo(limit: number, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = limit;
  for await (const chunk of body) {
    if (chunk.length > left) {
      yield chunk.subarray(0, left);
      throw new Error("the connection breaks here");
    }
    left -= chunk.length;
    yield chunk;
  }
}

/** What the registry says to the request without its body, which it would not wait for. */
async function forget(registry: string, request: IncomingMessage): Promise<IncomingMessage> {
  const { method, url, headers } = request;
  request.resume();
  const ask = (asked: string | undefined) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const options = { method: asked, headers: { ...headers, "content-length": "0" }, agent: false as const };
      send(`http://${registry}${url}`, options, resolve).on("error", reject).end();
    });
  (await ask("DELETE")).resume();
  return ask(method);
}

/** Digests of the blobs that were uploaded, each as often as it was. */
export function uploadsAt({ log }: FaultProxy): readonly string[] {
  const uploads = log.map((line) => /^PUT .*[?&]digest=(\S+) 201$/.exec(line)?.[1] ?? "");
  return uploads.filter((digest) => digest !== "").map(decodeURIComponent);
}
