import type { Readable } from "node:stream";
import { cancelled, errorCode, Failure } from "../errors.ts";
import { isLoopback, type Purpose } from "../machine/address.ts";
import type { HttpRequest, HttpResponse, Machine } from "../machine/machine.ts";
import type { Digest } from "../oci/digest.ts";
import type { Repository } from "../oci/reference.ts";
import { openAuthorizer } from "./auth/authorization.ts";
import { openCredentials } from "./auth/credentials.ts";
import { type Access, type Grant, printCredential } from "./auth/token.ts";
import { BodyError, checkedBody } from "./body.ts";
import { apiHost, checkAddress } from "./endpoint.ts";
import { failureOfConnection, failureOfRefusal } from "./failures.ts";
import { RETRY_POLICY, type RetryPolicy, withRetries } from "./retry.ts";

export type RegistryMachine = Pick<Machine, "http" | "files" | "processes" | "env" | "actions" | "signal" | "now">;

/** Most requests to a registry at the same time. */
export const REQUESTS_AT_ONCE = 4;

export interface RegistryOptions {
  /** Absolute path of the only credentials file to read. */
  readonly authFile?: string;
  /** Domains that use plain HTTP, besides loopback. */
  readonly plainHttp?: readonly string[];
  readonly retryPolicy?: RetryPolicy;
}

interface RegistryRequest {
  readonly method: HttpRequest["method"];
  /** Path below `/v2/<name>/`, or a complete address that the registry gave. */
  readonly target: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes, or a function that opens them each time they are sent. */
  readonly body?: string | Uint8Array | (() => Promise<AsyncIterable<Uint8Array>>);
  readonly idleTimeout?: number;
  readonly signal?: AbortSignal;
  /** Completes "… while ": `uploading a layer`. */
  readonly doing: string;
  /** Statuses that the caller handles; all others become a Failure. */
  readonly accept: readonly number[];
  /** True for a blob, whose bytes are verified by its digest: see {@link Purpose}. */
  readonly isContent?: boolean;
  /** Most logins after a 401; default: one, or three if a grant worked before. */
  readonly logins?: number;
}

export interface Answer extends HttpResponse {
  /** The address that answered; base of relative locations. */
  readonly url: URL;
}

/** What was sent to the registries so far. */
export interface Uploads {
  /** Bytes of request bodies: blobs and manifests, also those that had to be sent again. */
  bytes: number;
  /** Digests of the blobs that were uploaded to at least one repository. */
  readonly blobs: Set<Digest>;
}

/** All registries of a run, with their logins. */
export interface Registries {
  readonly machine: RegistryMachine;
  /**
   * Sends one request: logs in, logs in again after 401, and follows redirects of reads; does not retry.
   * @throws Failure `auth`, `network`, `rate-limit`, `input` or `cancelled`.
   */
  send(access: Access, request: RegistryRequest): Promise<Answer>;
  /** Mounts that were refused for lack of rights, as `from to`; they are not tried again. */
  readonly refusedMounts: Set<string>;
  readonly uploads: Uploads;
  /** Runs the work, and again after transient failures, until the signal aborts (default: the machine's). */
  retrying<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

interface Attempt {
  readonly answer: HttpResponse;
  /** User and source of the request's credentials. */
  readonly login: string | undefined;
}

const REDIRECTS = 5;
/** Most logins of a request whose grant worked before: if a registry limits a grant's uses, parallel requests may use up a new one. */
const LOGINS = 3;
const ERROR_BYTES = 65_536;

export function openRegistries(machine: RegistryMachine, options: RegistryOptions = {}): Registries {
  const authorizer = openAuthorizer(machine, openCredentials(machine, options.authFile));
  const uploads: Uploads = { bytes: 0, blobs: new Set() };
  /** Domain → origin, for domains that have answered. */
  const origins = new Map<string, URL>();

  async function sendWithLogin(access: Access, origin: URL, url: URL, request: RegistryRequest): Promise<Attempt> {
    // The login is sent only to the registry itself, never to the storage that it redirects to.
    if (url.origin !== origin.origin) return sendOnce(machine, url, request, undefined, uploads);
    let grant = await authorizer.current(access);
    const logins = request.logins ?? (grant === undefined ? 1 : LOGINS);
    let attempt = await sendOnce(machine, url, request, grant, uploads);
    for (let count = 0; attempt.answer.status === 401 && count < logins; count++) {
      attempt.answer.body.resume();
      const refused = grant;
      grant = await authorizer.login(access, origin, attempt.answer.headers["www-authenticate"] ?? "", refused);
      attempt = await sendOnce(machine, url, request, grant, uploads);
      if (grant.header === refused?.header) break;
    }
    return attempt;
  }

  async function follow(access: Access, origin: URL, request: RegistryRequest): Promise<Answer> {
    let url = addressOf(request.target, origin, access.repository);
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const { answer, login } = await sendWithLogin(access, origin, url, request);
      const location = redirectOf(answer, request);
      if (location === undefined) {
        if (request.accept.includes(answer.status)) return { ...answer, url };
        const context = { ...access, doing: request.doing, login, now: machine.now().getTime() };
        throw failureOfRefusal({ ...answer, text: await readStart(answer.body) }, context);
      }
      answer.body.resume();
      url = resolveLocation(location, url, origin, request.isContent ? "content" : "trust");
    }
    throw new Failure("network", `${origin.host} redirects more than ${REDIRECTS} times.`, { code: "RedirectLoop" });
  }

  return {
    machine,
    refusedMounts: new Set(),
    uploads,
    retrying: (work, signal) => withRetries(machine, options.retryPolicy ?? RETRY_POLICY, work, signal),
    async send(access, request) {
      const { domain } = access.repository;
      const cached = origins.get(domain);
      let origin = cached ?? presumedOrigin(domain, options.plainHttp ?? []);
      const answer = await follow(access, origin, request).catch((error: unknown) => {
        if (cached !== undefined || origin.protocol !== "http:" || !requiresTls(error)) throw error;
        origin = new URL(`https://${origin.host}`);
        return follow(access, origin, request);
      });
      origins.set(domain, origin);
      return answer;
    },
  };
}

/**
 * Resolves a `Location` header, which may be relative; its query is not changed.
 * @throws Failure `network`, code `LocationInvalid` or `UnsafeAddress`.
 */
export function resolveLocation(location: string, base: URL, origin: URL, purpose: Purpose = "trust"): URL {
  if (!URL.canParse(location, base.href)) {
    throw new Failure(
      "network",
      `${origin.host} gave the location ${JSON.stringify(location)}, which is not a valid address.`,
      {
        code: "LocationInvalid",
      },
    );
  }
  const url = new URL(location, base);
  // A registry behind a TLS proxy may give its own address with http. On another port, content may be in a storage that
  // uses http.
  const isOwn =
    url.hostname === origin.hostname && (purpose === "trust" || url.port === "" || url.port === origin.port);
  if (isOwn && url.protocol === "http:" && origin.protocol === "https:") url.protocol = "https:";
  checkAddress(url, origin, purpose);
  return url;
}

function addressOf(target: string | URL, origin: URL, { path }: Repository): URL {
  return typeof target === "string" ? new URL(`/v2/${path}/${target}`, origin) : target;
}

/** Loopback registries mostly use plain HTTP; one that uses TLS is detected by its first answer. */
function presumedOrigin(domain: string, plainHttp: readonly string[]): URL {
  const isPlain = plainHttp.includes(domain) || isLoopback(domain);
  return new URL(`${isPlain ? "http" : "https"}://${apiHost(domain)}`);
}

/** Whether the server expects TLS: Go and nginx answer 400 with such a text; others drop the connection or answer in TLS. */
function requiresTls(error: unknown): boolean {
  if (!(error instanceof Failure)) return false;
  const { cause } = error;
  const code = errorCode(cause);
  return /^(?:ECONNRESET|HPE_)/.test(code) || error.lines.some((line) => /HTTP request .{0,200}HTTPS/i.test(line));
}

async function sendOnce(
  machine: RegistryMachine,
  url: URL,
  request: RegistryRequest,
  grant: Grant | undefined,
  uploads: Uploads,
): Promise<Attempt> {
  const body =
    typeof request.body === "function" ? counted(checkedBody(await request.body(), request), uploads) : request.body;
  if (typeof body === "string" || body instanceof Uint8Array) uploads.bytes += Buffer.byteLength(body);
  try {
    const answer = await machine.http.request({
      method: request.method,
      url,
      headers: {
        "user-agent": "bento-image",
        ...request.headers,
        ...(grant === undefined ? {} : { authorization: grant.header }),
      },
      ...(body === undefined ? {} : { body }),
      ...(request.idleTimeout === undefined ? {} : { idleTimeout: request.idleTimeout }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    return { answer, login: grant?.credential && printCredential(grant.credential) };
  } catch (error) {
    if (machine.signal.aborted) throw cancelled(machine.signal, `Stopped while ${request.doing}`, error);
    if (error instanceof BodyError) throw error.cause;
    throw request.signal?.aborted ? error : failureOfConnection(error, url);
  }
}

async function* counted(pieces: AsyncIterable<Uint8Array>, uploads: Uploads): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    yield piece;
    uploads.bytes += piece.length;
  }
}

function redirectOf({ status, headers }: HttpResponse, { method }: RegistryRequest): string | undefined {
  const follows = (method === "GET" || method === "HEAD") && [301, 302, 303, 307, 308].includes(status);
  return follows ? headers["location"] : undefined;
}

async function readStart(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > ERROR_BYTES) break;
    }
  } catch {
    // The part that was received still explains the refusal.
  }
  return Buffer.concat(chunks).toString("utf8");
}
