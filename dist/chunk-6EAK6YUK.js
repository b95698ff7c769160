const require = process.getBuiltinModule;
import {
  pRetry
} from "./chunk-E3U6JMMS.js";
import {
  Failure,
  cancelled,
  isJsonObject,
  parseJson,
  printRepository
} from "./chunk-X4LXKBUS.js";

// src/text/retry-after.ts
function parseRetryAfter(value, now) {
  const text = value?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1e3;
  const date = Date.parse(text);
  return Number.isNaN(date) ? void 0 : Math.max(0, date - now);
}

// src/registry/proxy.ts
var PASSING = [408, 429];
function failureOfProxy(error, url) {
  if (!(error instanceof Error) || !("code" in error)) return void 0;
  if (error.code === "ERR_PROXY_INVALID_CONFIG") return invalid(url);
  if (error.code !== "ERR_PROXY_TUNNEL" || !("statusCode" in error)) return void 0;
  const status = Number(error.statusCode);
  if (!(status >= 400 && status < 500) || PASSING.includes(status)) return void 0;
  return refused(url, status, withoutCredentials(error.message));
}
function refused({ host }, status, said) {
  const proxy = / via (\S+?)\/?: /.exec(said)?.[1];
  const name = proxy === void 0 ? "of the environment" : proxy;
  const hint = status === 407 ? "It wants a login: give HTTPS_PROXY as http://USER:PASSWORD@HOST:PORT, from a secret." : `Let the proxy pass ${host}, or name it in NO_PROXY if it is reached without the proxy.`;
  return new Failure("network", `The proxy ${name} refuses the way to ${host} with ${status}.`, {
    code: "ProxyRefused",
    lines: [said],
    hint
  });
}
function invalid({ host }) {
  return new Failure("network", `The proxy to ${host} has no address that can be read.`, {
    code: "ProxyInvalid",
    hint: "Give HTTP_PROXY and HTTPS_PROXY as http://HOST:PORT; blanks, @ and / in a password need to be percent-encoded."
  });
}
function withoutCredentials(text) {
  return text.replace(/\/\/[^/@\s]*@/g, "//");
}

// src/registry/failures.ts
var TransientFailure = class extends Failure {
  /** Milliseconds that the registry asks us to wait; `undefined` when it does not say. */
  retryAfter;
  constructor(failureClass, message, details, retryAfter) {
    super(failureClass, message, details);
    this.retryAfter = retryAfter;
  }
};
function failureOfRefusal(refusal, circumstances) {
  const { status } = refusal;
  const { repository, doing, login, now } = circumstances;
  const lines = errorLines(refusal);
  const denied = status === 401 || status === 403;
  const as = denied ? `, ${login === void 0 ? "without a login" : `with ${login}`}` : "";
  const message = `${repository.domain} answered ${status} while ${doing} in ${printRepository(repository)}${as}.`;
  if (status === 429 || /TOOMANYREQUESTS/i.test(lines.join(" "))) {
    const details = { code: "TooManyRequests", lines, hint: rateHint(repository) };
    return new TransientFailure("rate-limit", message, details, parseRetryAfter(refusal.headers["retry-after"], now));
  }
  if (status >= 500 || status === 408) {
    const details = { code: "RegistryUnavailable", lines };
    return new TransientFailure("network", message, details, parseRetryAfter(refusal.headers["retry-after"], now));
  }
  if (status === 404 && /BLOB_UPLOAD_(?:UNKNOWN|INVALID)/.test(lines.join(" "))) {
    return new TransientFailure("network", message, { code: "UploadLost", lines });
  }
  return new Failure(...lastingFailure(status, message, lines, circumstances));
}
function lastingFailure(status, message, lines, { repository, write }) {
  const { domain } = repository;
  const said = lines.join(" ");
  if (/immutab|cannot be overwritten|TAG_?ALREADY_?EXISTS/i.test(said)) {
    const hint = "The registry does not let tags be moved. Give a new tag, or remove the old one first.";
    return ["input", message, { code: "TagImmutable", lines, hint }];
  }
  if (status === 401 || status === 403) return ["auth", message, { code: "Denied", lines, hint: authHint(repository) }];
  if (status === 404) {
    const hint = write ? "Check the name. Some registries (ECR, for one) want the repository to be created before the first push." : "Check the name and the tag, and that the account may read them.";
    return ["input", message, { code: "NotFound", lines, hint }];
  }
  if (status === 413) {
    const hint = `${domain}, or a proxy before it, limits the size of an upload (nginx: client_max_body_size).`;
    return ["network", message, { code: "TooLarge", lines, hint }];
  }
  return ["network", message, { code: "Refused", lines }];
}
function authHint({ domain, path }) {
  if (domain === "ghcr.io") {
    return `Give the job "permissions: packages: write", log in to ghcr.io before this step (docker/login-action), and let the repository write to the package in the package's settings.`;
  }
  return `Log in to ${domain} before this step (docker/login-action) with an account that may read and write ${path}.`;
}
function rateHint({ domain }) {
  return domain === "docker.io" ? "Log in to Docker Hub before this step: it gives anonymous users few pulls, counted by the runner's address." : `Try again later; ${domain} counts the requests of this account or address.`;
}
function failureOfConnection(error, url) {
  const ofProxy = failureOfProxy(error, url);
  if (ofProxy !== void 0) return ofProxy;
  const cause = error instanceof Error ? error : new Error(String(error));
  const code = "code" in cause ? String(cause.code) : "";
  const lines = [cause.message.replace(/; if the root CA is installed locally.*/, "") || code];
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|^EPROTO$/.test(code)) {
    return new Failure("network", `No secure connection to ${url.host}.`, {
      code: "TlsFailed",
      lines,
      hint: `If ${url.host} has a certificate of your own authority, put the authority's certificate into /etc/docker/certs.d/${url.host}/ca.crt or into the runner's system store.`,
      cause
    });
  }
  return new TransientFailure("network", `The connection to ${url.host} failed.`, {
    code: "Unreachable",
    lines,
    cause
  });
}
function errorLines({ headers, text }) {
  const fromJson = jsonErrors(text);
  if (fromJson.length > 0) return fromJson;
  const first = text.split("\n").find((line) => line.trim() !== "") ?? "";
  return /html|^\s*</i.test(headers["content-type"] ?? first) || first === "" ? [] : [clean(first)];
}
function jsonErrors(text) {
  const json = parseJson(text);
  if (!isJsonObject(json)) return [];
  const errors = Array.isArray(json["errors"]) ? json["errors"] : [json];
  return errors.filter(isJsonObject).flatMap((error) => {
    const detail = typeof error["detail"] === "string" ? error["detail"] : error["details"] ?? "";
    const parts = [error["code"], error["message"] ?? error["error_description"], detail].filter(
      (part) => typeof part === "string" && part !== ""
    );
    return parts.length === 0 ? [] : [clean(parts.join(": "))];
  });
}
function clean(line) {
  return line.replace(new RegExp("\\p{Cc}+", "gu"), " ").trim().slice(0, 500);
}

// src/registry/retry.ts
import { setTimeout } from "node:timers/promises";
var RETRY_POLICY = { tries: 5, firstDelay: 1e3, longestWait: 12e4 };
async function withRetries(machine, retryPolicy, work, signal = machine.signal) {
  try {
    return await pRetry(work, {
      retries: retryPolicy.tries - 1,
      // The wait is ours, as the library's own would come on top of what the server asks for.
      minTimeout: 0,
      signal,
      shouldRetry: ({ error }) => isWorthWaiting(error, retryPolicy),
      async onFailedAttempt({ error, attemptNumber, retriesLeft }) {
        if (retriesLeft === 0 || !isWorthWaiting(error, retryPolicy)) return;
        machine.actions.info(`${error.message} Trying again.`);
        const asked = error instanceof TransientFailure ? error.retryAfter : void 0;
        await setTimeout(asked ?? backOff(attemptNumber, retryPolicy), void 0, { signal });
      }
    });
  } catch (error) {
    if (machine.signal.aborted) throw cancelled(machine.signal, "The work with the registry was stopped", error);
    throw error;
  }
}
function backOff(attempt, { firstDelay }) {
  return firstDelay * 2 ** (attempt - 1) * (1 + Math.random());
}
function isWorthWaiting(error, { longestWait }) {
  return error instanceof TransientFailure && (error.retryAfter ?? 0) <= longestWait;
}

export {
  parseRetryAfter,
  TransientFailure,
  failureOfRefusal,
  authHint,
  failureOfConnection,
  RETRY_POLICY,
  withRetries
};
