import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type Digest, digestOf } from "../../src/oci/digest.ts";

/** One switch for every quirk that a registry in the field has shown. All off: a registry by the book, without login. */
export interface Quirks {
  /** `basic`, or `bearer` with tokens from this server's own /token. */
  login?: "basic" | "bearer";
  /** The only user, `name:password`; without it everyone gets a token. */
  user?: string;
  /** Requests with a good login that are answered 401 all the same before all goes well. */
  refusedLogins?: number;
  /** Requests for a token that are answered 401 before all goes well. */
  refusedTokens?: number;
  /** Tokens are good for so many requests. */
  tokenUses?: number;
  /** Seconds that /token says its tokens live; it does not say so when this is given as undefined, and 300 by default. */
  tokenLife?: number | undefined;
  /** What /token takes as a refresh token; without it POST /token is 404. */
  refreshToken?: string;
  /** Where the challenge sends clients, instead of /token. */
  realm?: string;
  /** Upload locations without scheme and host. */
  relativeLocation?: boolean;
  /** Upload locations on this other host. */
  uploadHost?: string;
  /** Blobs are read through a redirect to this origin. */
  blobHost?: string;
  /** The status of every mount. */
  mountStatus?: number;
  /** PUT of a whole blob is answered with this status. */
  putStatus?: number;
  /** PATCH of a whole blob is answered with this status. */
  patchStatus?: number;
  /** Uploads whose session is lost while their bytes come, before all goes well. */
  lostSessions?: number;
  /** Layers of these types make a manifest invalid. */
  refusedTypes?: readonly string[];
  /** HEAD of a manifest is answered with this status, or with 200 but without saying its digest. */
  manifestHead?: number;
  /** Requests answered 429 with `Retry-After` before all goes well, by `METHOD kind`. */
  busy?: Map<string, { times: number; status: number; retryAfter?: string }>;
  /** Uploads whose connection breaks in the middle before all goes well. */
  resets?: number;
  /** Uploads are read and never answered. */
  stalls?: boolean;
  /** HEAD finds these blobs, putting a manifest does not. */
  lostBlobs?: Set<Digest>;
  /** `Docker-Content-Digest` of every manifest. */
  lyingDigest?: string;
  /** Statuses and bodies of putting a tag. */
  tagPut?: { status: number; body: string };
  /** A tag that is there and matches (all that are, without an expression) cannot be put again, not even the same image; how that is said. */
  immutable?: { tags?: RegExp; status: number; code: string; message: string };
  /** Tags that begin so cannot be put. */
  refusedTags?: string;
  /** `GET referrers/<digest>` is answered, with an empty list. */
  referrers?: boolean;
  /** The tag moves to another image right after it was put. */
  tagMoves?: boolean;
}

interface Stored {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

export interface FakeRegistry {
  /** `127.0.0.1:port` */
  readonly host: string;
  readonly quirks: Quirks;
  /** Of each repository by digest. */
  readonly blobs: Map<string, Map<string, Buffer>>;
  /** Of each repository by digest and tag. */
  readonly manifests: Map<string, Map<string, Stored>>;
  /** `METHOD /path?query` in order of arrival. */
  readonly log: string[];
  /** The Authorization headers in the same order. */
  readonly logins: (string | undefined)[];
  /** Uploads begun and neither ended nor dropped. */
  readonly sessions: Set<string>;
  /** Most uploads seen at the same time. */
  readonly peak: { uploads: number };
  /** Bytes of blobs and manifests that were sent to it, also those that it refused. */
  readonly received: { bytes: number };
  /** None that was given is good any more. */
  revokeTokens(): void;
  close(): Promise<void>;
}

const NAME = "([a-z0-9._/-]+)";
const ROUTES = {
  blob: new RegExp(`^/v2/${NAME}/blobs/(sha256:[0-9a-f]{64})$`),
  begin: new RegExp(`^/v2/${NAME}/blobs/uploads/$`),
  session: new RegExp(`^/v2/${NAME}/blobs/uploads/([0-9a-f-]{36})$`),
  manifest: new RegExp(`^/v2/${NAME}/manifests/([A-Za-z0-9._:-]+)$`),
};

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly name: string;
  readonly last: string;
}

export async function startFakeRegistry(quirks: Quirks = {}): Promise<FakeRegistry> {
  const registry = new Fake(quirks);
  await registry.listen();
  return registry;
}

class Fake implements FakeRegistry {
  readonly quirks: Quirks;
  readonly blobs = new Map<string, Map<string, Buffer>>();
  readonly manifests = new Map<string, Map<string, Stored>>();
  readonly log: string[] = [];
  readonly logins: (string | undefined)[] = [];
  readonly sessions = new Set<string>();
  readonly peak = { uploads: 0 };
  readonly received = { bytes: 0 };
  host = "";
  readonly #server: Server;
  readonly #tokens = new Map<string, { uses: number; readonly scopes: readonly string[] }>();
  readonly #patched = new Map<string, Buffer>();
  #uploads = 0;

  constructor(quirks: Quirks) {
    this.quirks = quirks;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => request.socket.destroy());
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  revokeTokens(): void {
    this.#tokens.clear();
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", `http://${this.host}`);
    this.log.push(`${request.method} ${url.pathname}${url.search}`);
    this.logins.push(request.headers.authorization);
    if (url.pathname === "/v2/") return void response.writeHead(200).end();
    if (url.pathname === "/token") return this.#token(request, response, url);
    const [kind, match] = route(url.pathname);
    if (this.quirks.referrers && url.pathname.includes("/referrers/")) return void response.writeHead(200).end("{}");
    if (match === undefined) return refuse(response, 404, "NAME_UNKNOWN", "no such place");
    const exchange = { request, response, url, name: match[1] ?? "", last: match[2] ?? "" };
    if (!this.#mayPass(exchange) || this.#happens("refusedLogins")) return this.#challenge(exchange);
    if (this.#isBusy(exchange, kind)) return;
    await this[kind](exchange);
  }

  #isBusy({ request, response }: Exchange, kind: string): boolean {
    const busy = this.quirks.busy?.get(`${request.method} ${kind}`);
    if (busy === undefined || busy.times-- <= 0) return false;
    const headers = busy.retryAfter === undefined ? {} : { "retry-after": busy.retryAfter };
    response
      .writeHead(busy.status, { ...headers, connection: "close" })
      .end(busy.status === 429 ? errorJson("TOOMANYREQUESTS", "slow down") : "bad gateway");
    return true;
  }

  #mayPass({ request, name }: Exchange): boolean {
    const { login, user } = this.quirks;
    const header = request.headers.authorization ?? "";
    if (login === undefined) return true;
    if (login === "basic") return header === `Basic ${Buffer.from(user ?? "").toString("base64")}`;
    const token = this.#tokens.get(header.replace("Bearer ", ""));
    const write = !["GET", "HEAD"].includes(request.method ?? "");
    const allowed = token?.scopes.some(
      (scope) => scope.startsWith(`repository:${name}:`) && (!write || /push/.test(scope)),
    );
    return token !== undefined && allowed === true && token.uses-- > 0;
  }

  #happens(quirk: "refusedLogins" | "refusedTokens"): boolean {
    const left = this.quirks[quirk] ?? 0;
    this.quirks[quirk] = Math.max(0, left - 1);
    return left > 0;
  }

  #challenge({ request, response, name }: Exchange): void {
    const { login, realm } = this.quirks;
    const scope = `repository:${name}:pull,push repository:other/one:pull`;
    const bearer = `Bearer realm="${realm ?? `http://${this.host}/token`}",service="fake, registry",scope="${scope}"`;
    const header = login === "basic" ? 'BASIC realm="fake"' : bearer;
    request.resume();
    response.writeHead(401, { "www-authenticate": header }).end(errorJson("UNAUTHORIZED", "authentication required"));
  }

  async #token(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { user, refreshToken, tokenUses } = this.quirks;
    const form = new URLSearchParams((await buffer(request)).toString());
    if (request.method === "POST" && refreshToken === undefined) return refuse(response, 404, "UNSUPPORTED", "no POST");
    const basic = Buffer.from((request.headers.authorization ?? "").replace("Basic ", ""), "base64").toString();
    const known =
      request.method === "POST" ? form.get("refresh_token") === refreshToken : user === undefined || basic === user;
    if (!known || this.#happens("refusedTokens"))
      return refuse(response, 401, "UNAUTHORIZED", "wrong user or password");
    const scopes = request.method === "POST" ? (form.get("scope") ?? "").split(" ") : url.searchParams.getAll("scope");
    const token = randomUUID();
    this.#tokens.set(token, { uses: tokenUses ?? Number.POSITIVE_INFINITY, scopes });
    const life = "tokenLife" in this.quirks ? this.quirks.tokenLife : 300;
    response.end(JSON.stringify({ token, expires_in: life }));
  }

  async blob({ request, response, name, last }: Exchange): Promise<void> {
    const bytes = this.blobs.get(name)?.get(last);
    if (bytes === undefined && !this.quirks.lostBlobs?.has(last as Digest)) {
      return refuse(response, 404, "BLOB_UNKNOWN", "blob unknown to registry");
    }
    if (request.method === "HEAD") return void response.writeHead(200, { "content-length": bytes?.length ?? 0 }).end();
    if (this.quirks.blobHost === undefined) return void response.end(bytes);
    response.writeHead(307, { location: `${this.quirks.blobHost}/v2/${name}/blobs/${last}` }).end();
  }

  async begin(exchange: Exchange): Promise<void> {
    const { request, response, url, name } = exchange;
    request.resume();
    const digest = url.searchParams.get("mount");
    if (digest !== null && this.quirks.mountStatus === 401) return this.#challenge(exchange);
    if (digest !== null && this.quirks.mountStatus !== undefined && this.quirks.mountStatus >= 400) {
      return refuse(response, this.quirks.mountStatus, "UNSUPPORTED", "no mounts here");
    }
    const bytes = digest === null ? undefined : this.blobs.get(url.searchParams.get("from") ?? "")?.get(digest);
    if (digest !== null && bytes !== undefined && this.quirks.mountStatus !== 202) {
      store(this.blobs, name, digest, bytes);
      return void response.writeHead(201).end();
    }
    const session = randomUUID();
    this.sessions.add(session);
    const path = `/v2/${name}/blobs/uploads/${session}?state=a%2Fb+c`;
    const host = this.quirks.uploadHost ?? `http://${this.host}`;
    response.writeHead(202, { location: this.quirks.relativeLocation ? path : `${host}${path}` }).end();
  }

  async session(exchange: Exchange): Promise<void> {
    const { request, response, url, name, last } = exchange;
    if (request.method === "DELETE") {
      this.sessions.delete(last);
      return void response.writeHead(204).end();
    }
    if (this.quirks.resets !== undefined && this.quirks.resets-- > 0) {
      request.once("data", () => request.socket.resetAndDestroy());
      return;
    }
    if (this.quirks.stalls === true) return void request.resume();
    this.#uploads += 1;
    this.peak.uploads = Math.max(this.peak.uploads, this.#uploads);
    const bytes = await buffer(request).finally(() => {
      this.#uploads -= 1;
    });
    this.received.bytes += bytes.length;
    if (url.searchParams.get("state") !== "a/b c")
      return refuse(response, 400, "BLOB_UPLOAD_INVALID", "state was changed");
    if (this.quirks.lostSessions !== undefined && bytes.length > 0 && this.quirks.lostSessions-- > 0) {
      this.sessions.delete(last);
      return refuse(response, 404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
    }
    if (request.method === "PATCH") return this.#patch(exchange, bytes);
    if (this.quirks.putStatus !== undefined && bytes.length > 0) {
      return refuse(response, this.quirks.putStatus, "UNSUPPORTED", "no PUT here");
    }
    const whole = this.#patched.get(last) ?? bytes;
    const digest = url.searchParams.get("digest");
    if (digest !== digestOf(whole)) return refuse(response, 400, "DIGEST_INVALID", "provided digest did not match");
    this.sessions.delete(last);
    store(this.blobs, name, digest, whole);
    this.quirks.lostBlobs?.delete(digest as Digest);
    response.writeHead(201).end();
  }

  #patch({ request, response, url, last }: Exchange, bytes: Buffer): void {
    if (request.headers["content-range"] !== undefined) {
      refuse(response, 416, "RANGE_INVALID", "no ranges here");
      return;
    }
    if (this.quirks.patchStatus !== undefined) {
      refuse(response, this.quirks.patchStatus, "UNSUPPORTED", "no PATCH here");
      return;
    }
    this.#patched.set(last, bytes);
    response.writeHead(202, { location: url.pathname + url.search }).end();
  }

  async manifest({ request, response, name, last }: Exchange): Promise<void> {
    if (request.method === "PUT") return this.#putManifest(request, response, name, last);
    const found = this.manifests.get(name)?.get(last);
    if (found === undefined || !String(request.headers.accept).includes(found.mediaType)) {
      return refuse(response, 404, "MANIFEST_UNKNOWN", "manifest unknown");
    }
    const digest = { "docker-content-digest": this.quirks.lyingDigest ?? digestOf(found.bytes) };
    const { manifestHead } = this.quirks;
    const isTold = request.method !== "HEAD" || manifestHead === undefined;
    const status = isTold ? 200 : manifestHead;
    response.writeHead(status, { "content-type": found.mediaType, ...(isTold ? digest : {}) }).end(found.bytes);
  }

  async #putManifest(request: IncomingMessage, response: ServerResponse, name: string, last: string): Promise<void> {
    const bytes = await buffer(request);
    this.received.bytes += bytes.length;
    const isTag = !last.startsWith("sha256:");
    const { tagPut, tagMoves, lyingDigest, refusedTags } = this.quirks;
    if (refusedTags !== undefined && last.startsWith(refusedTags))
      return refuse(response, 403, "DENIED", "not this tag");
    const { immutable } = this.quirks;
    const isThere = isTag && this.manifests.get(name)?.has(last) === true;
    if (immutable !== undefined && isThere && (immutable.tags?.test(last) ?? true)) {
      return refuse(response, immutable.status, immutable.code, immutable.message);
    }
    if (isTag && tagPut !== undefined) return void response.writeHead(tagPut.status).end(tagPut.body);
    if (this.quirks.refusedTypes?.some((type) => bytes.includes(`"${type}"`))) {
      return refuse(response, 400, "MANIFEST_INVALID", "manifest invalid");
    }
    const missing = this.#missing(name, bytes);
    if (missing !== undefined) return refuse(response, 400, missing, "unknown to registry");
    const stored = { bytes, mediaType: String(request.headers["content-type"]) };
    store(this.manifests, name, digestOf(bytes), stored);
    const other = { ...stored, bytes: Buffer.concat([bytes, Buffer.from("\n")]) };
    if (isTag) store(this.manifests, name, last, tagMoves ? other : stored);
    response.writeHead(201, { "docker-content-digest": lyingDigest ?? digestOf(bytes) }).end();
  }

  #missing(name: string, bytes: Buffer): string | undefined {
    const { config, layers = [], manifests = [] } = JSON.parse(bytes.toString());
    const blobs: { mediaType: string; digest: string }[] = config === undefined ? [] : [config, ...layers];
    const own = blobs.filter(({ mediaType }) => !mediaType.includes(".foreign."));
    if (own.some(({ digest }) => !this.blobs.get(name)?.has(digest))) return "MANIFEST_BLOB_UNKNOWN";
    const members: { digest: string }[] = manifests;
    return members.some(({ digest }) => !this.manifests.get(name)?.has(digest)) ? "MANIFEST_UNKNOWN" : undefined;
  }
}

function route(path: string): [keyof typeof ROUTES, RegExpExecArray | undefined] {
  for (const kind of ["begin", "session", "blob", "manifest"] as const) {
    const match = ROUTES[kind].exec(path);
    if (match !== null) return [kind, match];
  }
  return ["blob", undefined];
}

function store<T>(shelves: Map<string, Map<string, T>>, name: string, key: string, value: T): void {
  const shelf = shelves.get(name) ?? new Map<string, T>();
  shelf.set(key, value);
  shelves.set(name, shelf);
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { "content-type": "application/json" }).end(errorJson(code, message));
}

function errorJson(code: string, message: string): string {
  return JSON.stringify({ errors: [{ code, message, detail: null }] });
}
