import { Failure, type FailureClass, type FailureDetails } from "../errors.ts";
import { printRepository, type Repository } from "../oci/reference.ts";
import { isJsonObject, parseJson } from "../text/json.ts";
import { parseRetryAfter } from "../text/retry-after.ts";
import { failureOfProxy } from "./proxy.ts";

/** A failure that another try may fix. */
export class TransientFailure extends Failure {
  /** Milliseconds that the registry asks to wait; `undefined` if it does not. */
  readonly retryAfter: number | undefined;

  constructor(failureClass: FailureClass, message: string, details: FailureDetails, retryAfter?: number) {
    super(failureClass, message, details);
    this.retryAfter = retryAfter;
  }
}

/** A registry's answer to a failed request. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The beginning of the body. */
  readonly text: string;
}

/** The request that failed: its repository, action and login. */
export interface RequestContext {
  readonly repository: Repository;
  readonly write: boolean;
  /** Completes "answered 500 while …": `uploading sha256:…`. */
  readonly doing: string;
  /** User and source of the request's credentials; `undefined` without any. */
  readonly login: string | undefined;
  /** Milliseconds since the epoch, for `Retry-After` dates. */
  readonly now: number;
}

/** The failure for an answer. Its lines are the registry's own messages. */
export function failureOfRefusal(refusal: Refusal, context: RequestContext): Failure {
  const { status } = refusal;
  const { repository, doing, login, now } = context;
  const lines = errorLines(refusal);
  const denied = status === 401 || status === 403;
  const as = denied ? `, ${login === undefined ? "without a login" : `with ${login}`}` : "";
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
  return new Failure(...permanentFailure(status, message, lines, context));
}

function permanentFailure(
  status: number,
  message: string,
  lines: readonly string[],
  { repository, write }: RequestContext,
): [FailureClass, string, FailureDetails] {
  const { domain } = repository;
  const said = lines.join(" ");
  if (/immutab|cannot be overwritten|TAG_?ALREADY_?EXISTS/i.test(said)) {
    const hint = "The registry does not allow tags to be moved. Use a new tag, or delete the old one first.";
    return ["input", message, { code: "TagImmutable", lines, hint }];
  }
  if (status === 401 || status === 403) return ["auth", message, { code: "Denied", lines, hint: authHint(repository) }];
  if (status === 404) {
    const hint = write
      ? "Check the name. Some registries, such as ECR, require the repository to be created before the first push."
      : "Check the name and the tag, and that the account may read them.";
    return ["input", message, { code: "NotFound", lines, hint }];
  }
  if (status === 413) {
    const hint = `${domain}, or a proxy in front of it, limits the size of an upload (nginx: client_max_body_size).`;
    return ["network", message, { code: "TooLarge", lines, hint }];
  }
  return ["network", message, { code: "Refused", lines }];
}

/** The hint for a registry that denies access. */
export function authHint({ domain, path }: Repository): string {
  if (domain === "ghcr.io") {
    return 'Give the job "permissions: packages: write", log in to ghcr.io before this step (docker/login-action), and let the repository write to the package in the package\'s settings.';
  }
  return `Log in to ${domain} before this step (docker/login-action) with an account that may read and write ${path}.`;
}

function rateHint({ domain }: Repository): string {
  return domain === "docker.io"
    ? "Log in to Docker Hub before this step: it limits anonymous pulls by the runner's address."
    : `Try again later; ${domain} counts the requests of this account or address.`;
}

/** The failure of a connection: refused, reset or timed out, unknown names, certificates, proxies. */
export function failureOfConnection(error: unknown, url: URL): Failure {
  const ofProxy = failureOfProxy(error, url);
  if (ofProxy !== undefined) return ofProxy;
  const cause = error instanceof Error ? error : new Error(String(error));
  const code = "code" in cause ? String(cause.code) : "";
  // Node's advice to set an option does not apply inside of an action, and the system's roots were tried.
  const lines = [cause.message.replace(/; if the root CA is installed locally.*/, "") || code];
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|^EPROTO$/.test(code)) {
    return new Failure("network", `No secure connection to ${url.host}.`, {
      code: "TlsFailed",
      lines,
      hint: `If ${url.host} has a certificate of a private CA, put the CA certificate into /etc/docker/certs.d/${url.host}/ca.crt or into the runner's system store.`,
      cause,
    });
  }
  return new TransientFailure("network", `The connection to ${url.host} failed.`, {
    code: "Unreachable",
    lines,
    cause,
  });
}

/** `CODE: message` of each error in the answer, or the first line of a body that is plain text. */
function errorLines({ headers, text }: Refusal): readonly string[] {
  const fromJson = jsonErrors(text);
  if (fromJson.length > 0) return fromJson;
  const first = text.split("\n").find((line) => line.trim() !== "") ?? "";
  return /html|^\s*</i.test(headers["content-type"] ?? first) || first === "" ? [] : [clean(first)];
}

/** @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
function jsonErrors(text: string): readonly string[] {
  const json = parseJson(text);
  if (!isJsonObject(json)) return [];
  const errors = Array.isArray(json["errors"]) ? json["errors"] : [json];
  return errors.filter(isJsonObject).flatMap((error) => {
    const detail = typeof error["detail"] === "string" ? error["detail"] : (error["details"] ?? "");
    const parts = [error["code"], error["message"] ?? error["error_description"], detail].filter(
      (part): part is string => typeof part === "string" && part !== "",
    );
    return parts.length === 0 ? [] : [clean(parts.join(": "))];
  });
}

/** One line without control characters, which could move a terminal's cursor or start a workflow command. */
function clean(line: string): string {
  return line
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, 500);
}
