import { Failure } from "../errors.ts";

/** Statuses of refusals that are tried again: the proxy's timeout and its rate limit. */
const TRANSIENT = [408, 429];

/**
 * The failure for a proxy that refused a tunnel (4xx), or whose address is invalid: another try would not help. Undefined for
 * any other error. Its text does not contain the proxy's credentials.
 * Source: `ERR_PROXY_TUNNEL` and `ERR_PROXY_INVALID_CONFIG` of Node, lib/internal/http.js and lib/https.js.
 */
export function failureOfProxy(error: unknown, url: URL): Failure | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  if (error.code === "ERR_PROXY_INVALID_CONFIG") return invalidAddress(url);
  if (error.code !== "ERR_PROXY_TUNNEL" || !("statusCode" in error)) return undefined;
  const status = Number(error.statusCode);
  if (!(status >= 400 && status < 500) || TRANSIENT.includes(status)) return undefined;
  return refused(url, status, withoutCredentials(error.message));
}

function refused({ host }: URL, status: number, answer: string): Failure {
  const proxy = / via (\S+?)\/?: /.exec(answer)?.[1];
  const name = proxy === undefined ? "of the environment" : proxy;
  const hint =
    status === 407
      ? "It requires a login: set HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT, from a secret."
      : `Allow ${host} in the proxy, or add it to NO_PROXY if it is reached without the proxy.`;
  return new Failure("network", `The proxy ${name} refuses the connection to ${host} with ${status}.`, {
    code: "ProxyRefused",
    lines: [answer],
    hint,
  });
}

/** The error is not its cause, because it quotes the whole address with the password. */
function invalidAddress({ host }: URL): Failure {
  return new Failure("network", `The address of the proxy for ${host} is not valid.`, {
    code: "ProxyInvalid",
    hint: "Set HTTP_PROXY and HTTPS_PROXY to http://HOST:PORT; blanks, @ and / in a password must be percent-encoded.",
  });
}

function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, "//");
}
