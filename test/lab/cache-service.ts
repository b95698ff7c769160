/**
 * GitHub's cache service in its second version, as far as BuildKit speaks with it: an interface of entries, and the blob
 * storage that its signed addresses lead to.
 * Sources: https://github.com/actions/toolkit, packages/cache/src/generated/results/api/v1/cache.ts, and
 * https://learn.microsoft.com/rest/api/storageservices/put-block-list
 */
import { createHmac, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface CacheService {
  /** What a runner tells its actions. */
  readonly env: Readonly<Record<string, string>>;
  readonly token: string;
  /** What was asked for, in order: `CreateCacheEntry 200`, `PUT blob 201`, `PUT block 201`, `GET blob 206`, … */
  readonly log: readonly string[];
  close(): Promise<void>;
}

interface Entry {
  readonly key: string;
  readonly version: string;
  readonly blob: string;
  isFinal: boolean;
}

interface Answer {
  readonly status: number;
  readonly body?: Uint8Array | object;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Asked {
  readonly key: string;
  readonly version: string;
  readonly restore_keys?: readonly string[];
  readonly size_bytes?: number;
}

const CALLS = "/twirp/github.actions.results.api.v1.CacheService/";
const LIFETIME = 3600;

/** As the runner's: BuildKit reads in it which branches it may read and write. */
function makeToken(): string {
  const now = Math.floor(Date.now() / 1000);
  const ac = JSON.stringify([{ Scope: "refs/heads/main", Permission: 3 }]);
  const claims = { ac, nbf: now - 60, exp: now + LIFETIME };
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${createHmac("sha256", randomUUID()).update(signed).digest("base64url")}`;
}

/** An empty one, on a loopback port. */
export async function openCacheService(): Promise<CacheService> {
  const [token, signature, log] = [makeToken(), randomUUID(), [] as string[]];
  const storage = openStorage();
  const entries = openEntries(storage, (blob) => `${origin()}/storage/${blob}?sig=${signature}`);

  async function call(name: string, request: IncomingMessage): Promise<Answer> {
    if (request.headers.authorization !== `Bearer ${token}`) return { status: 401 };
    const asked: Asked = JSON.parse((await bodyOf(request)).toString());
    return entries[name]?.(asked) ?? { status: 404 };
  }

  async function answer(request: IncomingMessage): Promise<readonly [string, Answer]> {
    const url = new URL(request.url ?? "", "http://service");
    if (url.pathname.startsWith(CALLS)) {
      const name = url.pathname.slice(CALLS.length);
      return [name, await call(name, request)];
    }
    const told = `${request.method} ${url.searchParams.get("comp") ?? "blob"}`;
    // The address itself is the key; the storage is no business of the token.
    const isSigned = url.searchParams.get("sig") === signature && request.headers.authorization === undefined;
    if (!isSigned) return [told, { status: 403 }];
    const blob = url.pathname.replace("/storage/", "");
    const range = String(request.headers["x-ms-range"] ?? "");
    return [told, request.method === "PUT" ? storage.put(blob, url, await bodyOf(request)) : storage.get(blob, range)];
  }

  const server = createServer((request, response) => {
    answer(request).then(
      ([told, given]) => {
        log.push(`${told} ${given.status}`);
        send(response, given);
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    token,
    log,
    env: { ACTIONS_CACHE_SERVICE_V2: "True", ACTIONS_RESULTS_URL: `${origin()}/`, ACTIONS_RUNTIME_TOKEN: token },
    close() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

/** The calls, by name. An entry is written once, and is found when its upload has ended. */
function openEntries(
  storage: Storage,
  addressOf: (blob: string) => string,
): Readonly<Record<string, (asked: Asked) => Answer>> {
  const entries: Entry[] = [];
  return {
    CreateCacheEntry({ key, version }) {
      if (entries.some((entry) => entry.key === key && entry.version === version)) return { status: 409 };
      const blob = randomUUID();
      entries.push({ key, version, blob, isFinal: false });
      return { status: 200, body: { ok: true, signed_upload_url: addressOf(blob) } };
    },
    FinalizeCacheEntryUpload({ key, version, size_bytes }) {
      const entry = entries.find((known) => known.key === key && known.version === version);
      if (entry === undefined || storage.sizeOf(entry.blob) !== size_bytes) return { status: 400 };
      entry.isFinal = true;
      return { status: 200, body: { ok: true, entry_id: entry.blob } };
    },
    /** The first key that something fits, whole or as a beginning; of several entries the newest. */
    GetCacheEntryDownloadURL({ key, version, restore_keys = [] }) {
      const fitting = (wanted: string) =>
        entries.findLast((entry) => entry.isFinal && entry.version === version && entry.key.startsWith(wanted));
      const [found] = [key, ...restore_keys].flatMap((wanted) => fitting(wanted) ?? []);
      if (found === undefined) return { status: 200, body: { ok: false } };
      const body = { ok: true, signed_download_url: addressOf(found.blob), matched_key: found.key };
      return { status: 200, body };
    },
  };
}

interface Storage {
  sizeOf(blob: string): number | undefined;
  /** A whole blob, a block of one, or the list of blocks that make one. */
  put(blob: string, url: URL, body: Uint8Array): Answer;
  get(blob: string, range: string): Answer;
}

function openStorage(): Storage {
  const blobs = new Map<string, Uint8Array>();
  const blocks = new Map<string, Uint8Array>();
  return {
    sizeOf: (blob) => blobs.get(blob)?.length,
    put(blob, { searchParams }, body) {
      const kind = searchParams.get("comp");
      if (kind === "block") blocks.set(`${blob} ${searchParams.get("blockid")}`, body);
      else if (kind !== "blocklist") blobs.set(blob, body);
      else {
        const listed = Buffer.from(body)
          .toString()
          .matchAll(/<Latest>([^<]+)<\/Latest>/g);
        blobs.set(blob, Buffer.concat([...listed].flatMap(([, name]) => blocks.get(`${blob} ${name}`) ?? [])));
      }
      return { status: 201, headers: { "x-ms-request-id": randomUUID() } };
    },
    get(blob, range) {
      const bytes = blobs.get(blob);
      if (bytes === undefined) return { status: 404 };
      const [, start] = /^bytes=(\d+)-$/.exec(range) ?? [];
      if (start === undefined) return { status: 200, body: bytes };
      const headers = { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
      return { status: 206, body: bytes.subarray(Number(start)), headers };
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, { status, body = {}, headers = {} }: Answer): void {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  const type = body instanceof Uint8Array ? "application/octet-stream" : "application/json";
  response.writeHead(status, { "content-type": type, "content-length": bytes.length, ...headers }).end(bytes);
}
