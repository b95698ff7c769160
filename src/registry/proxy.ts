import { Failure } from "../errors.ts";

/** Refusals that may be gone at the next try: the proxy's own time-out, and its rate limit. */
const PASSING = [408, 429];

/**
 * The failure for a proxy that answered a request for a tunnel with a refusal (4xx), or whose address is no address: both
 * are the same at the next try. Undefined for any other error. Its text is without the proxy's credentials.
 * Source: `ERR_PROXY_TUNNEL` and `ERR_PROXY_INVALID_CONFIG` of Node, lib/internal/http.js and lib/https.js.
 */
export function failureOfProxy(error: unknown, url: URL): Failure | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  if (error.code === "ERR_PROXY_INVALID_CONFIG") return invalid(url);
  if (error.code !== "ERR_PROXY_TUNNEL" || !("statusCode" in error)) return undefined;
  const status = Number(error.statusCode);
  if (!(status >= 400 && status < 500) || PASSING.includes(status)) return undefined;
  return refused(url, status, withoutCredentials(error.message));
}

function refused({ host }: URL, status: number, said: string): Failure {
  const proxy = / via (\S+?)\/?: /.exec(said)?.[1];
  const name = proxy === undefined ? "of the environment" : proxy;
  const hint =
    status === 407
      ? "It wants a login: give HTTPS_PROXY as http://USER:PASSWORD@HOST:PORT, from a secret."
      : `Let the proxy pass ${host}, or name it in NO_PROXY if it is reached without the proxy.`;
  return new Failure("network", `The proxy ${name} refuses the way to ${host} with ${status}.`, {
    code: "ProxyRefused",
    lines: [said],
    hint,
  });
}

/** Not with the error as cause: it quotes the whole address. */
function invalid({ host }: URL): Failure {
  return new Failure("network", `The proxy to ${host} has no address that can be read.`, {
    code: "ProxyInvalid",
    hint: "Give HTTP_PROXY and HTTPS_PROXY as http://HOST:PORT; blanks, @ and / in a password need to be percent-encoded.",
  });
}

function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, "//");
}
