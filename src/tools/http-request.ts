import { errorCode, Failure } from "../errors.ts";
import type { HttpResponse, Machine } from "../machine/machine.ts";
import { failureOfConnection, TransientFailure } from "../registry/failures.ts";
import { parseRetryAfter } from "../text/retry-after.ts";
import { printUrl } from "./download-sources.ts";

export type RequestMachine = Pick<Machine, "http" | "signal" | "now">;

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

const OFFLINE_HINT =
  "This program is not installed on the runner. Behind a proxy, set HTTPS_PROXY. Without internet access, set the input tool-mirror to a directory or server that has the file, let an earlier run fill the runner's tool cache, or install the program on the runner.";

/** Explanations of Node's error codes. */
const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "its name cannot be resolved; there may be no network, or another DNS",
  EAI_AGAIN: "no DNS server answers; there may be no network",
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was reset",
  ENETUNREACH: "the network is unreachable",
  EHOSTUNREACH: "the host is unreachable",
  ETIMEDOUT: "the connection timed out",
};

/**
 * Sends a GET request and follows redirects; undefined for 404 and 410. The caller must read or destroy the body. A redirect
 * from https may only lead to https.
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

/** The failure of a connection that could not be made or that broke; transient unless a certificate or a proxy is the cause. */
export function brokenConnection(error: unknown, url: URL): Failure {
  const failure = failureOfConnection(error, url);
  if (!(failure instanceof TransientFailure)) return failure;
  const { message, code } = messageAndCode(error);
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

function messageAndCode(error: unknown): { readonly message: string; readonly code: string } {
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
