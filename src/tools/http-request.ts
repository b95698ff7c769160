import { errorCode, Failure } from "../errors.ts";
import type { HttpResponse, Machine } from "../machine/machine.ts";
import { failureOfConnection, TransientFailure } from "../registry/failures.ts";
import { parseRetryAfter } from "../text/retry-after.ts";
import { printUrl } from "./download-sources.ts";

export type RequestMachine = Pick<Machine, "http" | "signal" | "now">;

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

const OFFLINE_HINT =
  "The runner lacks this program. With a way out by a proxy, set HTTPS_PROXY; without any, name a directory or a server that has the file in the input tool-mirror, let an earlier run fill the runner's tool cache, or install the program on the runner.";

/** What Node's codes mean to somebody who does not know them. */
const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "its name is not known here, so there is no network or it has other names",
  EAI_AGAIN: "no name server answers, so there may be no network",
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection was cut off",
  ENETUNREACH: "there is no network",
  EHOSTUNREACH: "there is no way to it",
  ETIMEDOUT: "it does not answer",
};

/**
 * One GET with redirects followed; undefined when nothing is there (404, 410). The body must be read or destroyed.
 * From https it leads only to https.
 * @throws {TransientFailure} network, rate-limit; Failure network, auth.
 */
export async function openUrl(start: URL, machine: RequestMachine): Promise<HttpResponse | undefined> {
  let url = start;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const response = await request(url, machine);
    const location = response.headers["location"];
    if (!REDIRECTS.has(response.status) || location === undefined) return accept(response, url, machine);
    response.body.destroy();
    const next = new URL(location, url);
    if (next.protocol !== "https:" && (url.protocol === "https:" || next.protocol !== "http:")) {
      throw new Failure("network", `${url.host} redirects to ${next.origin}, which is not encrypted`);
    }
    url = next;
  }
  throw new Failure("network", `${printUrl(start)} redirects more than ${MAX_REDIRECTS} times`);
}

async function request(url: URL, machine: RequestMachine): Promise<HttpResponse> {
  try {
    return await machine.http.request({ method: "GET", url, headers: { "user-agent": "bento-image" } });
  } catch (error) {
    throw brokenConnection(error, url);
  }
}

/** A connection that did not come about or did not last; transient unless a certificate or a proxy is in the way. */
export function brokenConnection(error: unknown, url: URL): Failure {
  const failure = failureOfConnection(error, url);
  if (!(failure instanceof TransientFailure)) return failure;
  const { message, code } = wordsOf(error);
  const reason = REASONS[code] ?? message;
  return new TransientFailure("network", `${fileOf(url)} cannot be fetched from ${url.origin}: ${reason}.`, {
    code: "Unreachable",
    lines: reason === message ? [] : [message],
    hint: OFFLINE_HINT,
    cause: error,
  });
}

function fileOf({ pathname }: URL): string {
  return decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1));
}

function wordsOf(error: unknown): { readonly message: string; readonly code: string } {
  if (!(error instanceof Error)) return { message: String(error), code: "" };
  return { message: error.message || error.name, code: errorCode(error) };
}

function accept(response: HttpResponse, url: URL, machine: RequestMachine): HttpResponse | undefined {
  const { status, headers, body } = response;
  if (status === 200) return response;
  body.destroy();
  if (status === 404 || status === 410) return undefined;
  const message = `${printUrl(url)} answered ${status}.`;
  const wait = parseRetryAfter(headers["retry-after"], machine.now().getTime());
  if (status === 429) {
    const hint = "Try again later, or give a mirror in the input tool-mirror.";
    throw new TransientFailure("rate-limit", message, { code: "TooManyRequests", hint }, wait);
  }
  if (status === 408 || status >= 500) {
    throw new TransientFailure("network", message, { code: "Unavailable", hint: OFFLINE_HINT }, wait);
  }
  const isRefusal = status === 401 || status === 403 || status === 407;
  throw new Failure(isRefusal ? "auth" : "network", message, {
    code: "Refused",
    hint: "Check the address in tool-mirror and the proxy of the environment.",
  });
}
