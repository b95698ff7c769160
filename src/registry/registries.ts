import type { Readable } from "node:stream";
import { cancelled, errorCode, Failure } from "../errors.ts";
import { isLoopback, type Purpose } from "../machine/address.ts";
import type { HttpRequest, HttpResponse, Machine } from "../machine/machine.ts";
import type { Repository } from "../oci/reference.ts";
import { openAuthorizer } from "./auth/authorization.ts";
import { openCredentials } from "./auth/credentials.ts";
import { type Access, type Grant, printCredential } from "./auth/token.ts";
import { BodyError, checkedBody } from "./body.ts";
import { apiHost, checkAddress } from "./endpoint.ts";
import { failureOfConnection, failureOfRefusal } from "./failures.ts";
import { RETRY_POLICY, type RetryPolicy, withRetries } from "./retry.ts";

export type RegistryMachine = Pick<Machine, "http" | "files" | "processes" | "env" | "actions" | "signal" | "now">;

/** Requests that a registry is asked to answer at the same time. */
export const REQUESTS_AT_ONCE = 4;

export interface RegistryOptions {
  /** Absolute path of the only credentials file to look into. */
  readonly authFile?: string;
  /** Domains other than loopback ones that speak plain HTTP. */
  readonly plainHttp?: readonly string[];
  readonly retryPolicy?: RetryPolicy;
}

interface Call {
  readonly method: HttpRequest["method"];
  /** Below `/v2/<name>/`, or a whole address that the registry gave. */
  readonly target: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes, or a function that opens them anew for every time they must be sent. */
  readonly body?: string | Uint8Array | (() => Promise<AsyncIterable<Uint8Array>>);
  readonly idleTimeout?: number;
  readonly signal?: AbortSignal;
  /** Completes "… while ": `uploading a layer`. */
  readonly doing: string;
  /** Statuses that the caller deals with; all others become a Failure. */
  readonly accept: readonly number[];
  /** True for a blob, whose bytes are compared with its digest: see {@link Purpose}. */
  readonly isContent?: boolean;
  /** How often a 401 is answered by a new login; when left out, once, or more where a grant was good before. */
  readonly logins?: number;
}

export interface Answer extends HttpResponse {
  /** Where the answer came from; relative locations start there. */
  readonly url: URL;
}

/** All registries of a run: who is logged in where. */
export interface Registries {
  readonly machine: RegistryMachine;
  /**
   * One request, with login, one login anew after 401, and redirects of reads followed; no retry.
   * @throws Failure `auth`, `network`, `rate-limit`, `input` or `cancelled`.
   */
  send(access: Access, call: Call): Promise<Answer>;
  /** Mounts that were refused for want of rights, as `from to`: nobody tries them again. */
  readonly refusedMounts: Set<string>;
  /** Runs the work again while its failures are transient and the signal, the machine's when left out, lets it. */
  retrying<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

interface Attempt {
  readonly answer: HttpResponse;
  /** Whose credentials the request carried, and where they were found. */
  readonly login: string | undefined;
}

const REDIRECTS = 5;
/** For a request whose grant was good before: requests beside it may use up the new one too, where grants are counted. */
const LOGINS = 3;
const ERROR_BYTES = 65_536;

export function openRegistries(machine: RegistryMachine, options: RegistryOptions = {}): Registries {
  const authorizer = openAuthorizer(machine, openCredentials(machine, options.authFile));
  /** Of the domains that have answered. */
  const origins = new Map<string, URL>();

  async function sendWithLogin(access: Access, origin: URL, url: URL, call: Call): Promise<Attempt> {
    // Only the registry itself sees the login, never the storage it sends us to.
    if (url.origin !== origin.origin) return sendOnce(machine, url, call, undefined);
    let grant = await authorizer.current(access);
    const logins = call.logins ?? (grant === undefined ? 1 : LOGINS);
    let attempt = await sendOnce(machine, url, call, grant);
    for (let count = 0; attempt.answer.status === 401 && count < logins; count++) {
      attempt.answer.body.resume();
      const refused = grant;
      grant = await authorizer.login(access, origin, attempt.answer.headers["www-authenticate"] ?? "", refused);
      attempt = await sendOnce(machine, url, call, grant);
      if (grant.header === refused?.header) break;
    }
    return attempt;
  }

  async function follow(access: Access, origin: URL, call: Call): Promise<Answer> {
    let url = addressOf(call.target, origin, access.repository);
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const { answer, login } = await sendWithLogin(access, origin, url, call);
      const location = redirectOf(answer, call);
      if (location === undefined) {
        if (call.accept.includes(answer.status)) return { ...answer, url };
        const circumstances = { ...access, doing: call.doing, login, now: machine.now().getTime() };
        throw failureOfRefusal({ ...answer, text: await readStart(answer.body) }, circumstances);
      }
      answer.body.resume();
      url = resolveLocation(location, url, origin, call.isContent ? "content" : "trust");
    }
    throw new Failure("network", `${origin.host} redirects without end.`, { code: "RedirectLoop" });
  }

  return {
    machine,
    refusedMounts: new Set(),
    retrying: (work, signal) => withRetries(machine, options.retryPolicy ?? RETRY_POLICY, work, signal),
    async send(access, call) {
      const { domain } = access.repository;
      const known = origins.get(domain);
      let origin = known ?? likelyOrigin(domain, options.plainHttp ?? []);
      const answer = await follow(access, origin, call).catch((error: unknown) => {
        if (known !== undefined || origin.protocol !== "http:" || !wantsTls(error)) throw error;
        origin = new URL(`https://${origin.host}`);
        return follow(access, origin, call);
      });
      origins.set(domain, origin);
      return answer;
    },
  };
}

/**
 * An address from a `Location` header: perhaps relative, its query kept to the letter.
 * @throws Failure `network`, code `LocationInvalid` or `UnsafeAddress`.
 */
export function resolveLocation(location: string, base: URL, origin: URL, purpose: Purpose = "trust"): URL {
  if (!URL.canParse(location, base.href)) {
    throw new Failure("network", `${origin.host} gave the location ${JSON.stringify(location)}, which is no address.`, {
      code: "LocationInvalid",
    });
  }
  const url = new URL(location, base);
  // A registry behind a proxy that ends TLS may not know its own scheme.
  // On another port, content may be in a storage that speaks http.
  const isOwn =
    url.hostname === origin.hostname && (purpose === "trust" || url.port === "" || url.port === origin.port);
  if (isOwn && url.protocol === "http:" && origin.protocol === "https:") url.protocol = "https:";
  checkAddress(url, origin, purpose);
  return url;
}

function addressOf(target: string | URL, origin: URL, { path }: Repository): URL {
  return typeof target === "string" ? new URL(`/v2/${path}/${target}`, origin) : target;
}

/** Loopback registries mostly speak plain HTTP; one that does not says so to the first request. */
function likelyOrigin(domain: string, plainHttp: readonly string[]): URL {
  const isPlain = plainHttp.includes(domain) || isLoopback(domain);
  return new URL(`${isPlain ? "http" : "https"}://${apiHost(domain)}`);
}

/** Go's server and nginx answer 400 with such a sentence; others drop the connection, or answer in TLS. */
function wantsTls(error: unknown): boolean {
  if (!(error instanceof Failure)) return false;
  const { cause } = error;
  const code = errorCode(cause);
  return /^(?:ECONNRESET|HPE_)/.test(code) || error.lines.some((line) => /HTTP request .{0,200}HTTPS/i.test(line));
}

async function sendOnce(machine: RegistryMachine, url: URL, call: Call, grant: Grant | undefined): Promise<Attempt> {
  const body = typeof call.body === "function" ? checkedBody(await call.body(), call) : call.body;
  try {
    const answer = await machine.http.request({
      method: call.method,
      url,
      headers: {
        "user-agent": "bento-image",
        ...call.headers,
        ...(grant === undefined ? {} : { authorization: grant.header }),
      },
      ...(body === undefined ? {} : { body }),
      ...(call.idleTimeout === undefined ? {} : { idleTimeout: call.idleTimeout }),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
    return { answer, login: grant?.credential && printCredential(grant.credential) };
  } catch (error) {
    if (machine.signal.aborted) throw cancelled(machine.signal, `Stopped while ${call.doing}`, error);
    if (error instanceof BodyError) throw error.cause;
    throw call.signal?.aborted ? error : failureOfConnection(error, url);
  }
}

function redirectOf({ status, headers }: HttpResponse, { method }: Call): string | undefined {
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
    // What came before the break is still the best account of the refusal.
  }
  return Buffer.concat(chunks).toString("utf8");
}
