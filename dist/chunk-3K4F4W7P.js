const require = process.getBuiltinModule;
import {
  pRetry
} from "./chunk-E3U6JMMS.js";
import {
  Failure,
  isDigest,
  printRepository
} from "./chunk-5E5L6I3A.js";

// src/registry/media-types.ts
var OCI_INDEX = "application/vnd.oci.image.index.v1+json";
var OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
var OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
var OCI_EMPTY = "application/vnd.oci.empty.v1+json";
var DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";
var DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
var ACCEPT = [OCI_INDEX, OCI_MANIFEST, DOCKER_INDEX, DOCKER_MANIFEST].join(", ");
var IMAGE_CONFIGS = /* @__PURE__ */ new Set([OCI_CONFIG, "application/vnd.docker.container.image.v1+json"]);
function isIndexType(mediaType) {
  return mediaType === OCI_INDEX || mediaType === DOCKER_INDEX;
}
function isManifestType(mediaType) {
  return mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST;
}
function isImageConfigType(mediaType) {
  return IMAGE_CONFIGS.has(mediaType);
}
function isForeignType(mediaType) {
  return /\.foreign\.|nondistributable/.test(mediaType);
}

// src/registry/manifest.ts
function parseManifest(bytes, mediaType, where) {
  const json = parseJsonObject(bytes, where);
  const type = typeOf(json, mediaType);
  if (isIndexType(type)) {
    const members = parseDescriptors(json["manifests"], where);
    return { kind: "index", mediaType: type, members, annotations: annotationsOf(json["annotations"]) };
  }
  if (isManifestType(type)) {
    return {
      kind: "manifest",
      mediaType: type,
      config: parseDescriptor(json["config"], where),
      layers: parseDescriptors(json["layers"], where),
      annotations: annotationsOf(json["annotations"])
    };
  }
  throw invalid(where, `is of type ${JSON.stringify(type)}, which is no image`);
}
function parseJsonObject(bytes, where) {
  try {
    const json = JSON.parse(new TextDecoder().decode(bytes));
    if (isJsonObject(json)) return json;
  } catch (cause) {
    throw invalid(where, "is no JSON", cause);
  }
  throw invalid(where, "is no JSON object");
}
function isJsonObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function typeOf(json, stated) {
  if (stated !== void 0 && (isIndexType(stated) || isManifestType(stated))) return stated;
  if (typeof json["mediaType"] === "string") return json["mediaType"];
  if (Array.isArray(json["manifests"])) return OCI_INDEX;
  return Array.isArray(json["layers"]) ? OCI_MANIFEST : stated ?? "";
}
function parseDescriptors(value, where) {
  if (!Array.isArray(value)) throw invalid(where, "lacks its list of descriptors");
  return value.map((item) => parseDescriptor(item, where));
}
function parseDescriptor(value, where) {
  if (!isJsonObject(value)) throw invalid(where, "has a descriptor that is no object");
  const { mediaType, digest, size } = value;
  if (typeof mediaType !== "string") throw invalid(where, "has a descriptor without a media type");
  if (typeof digest !== "string" || !isDigest(digest)) {
    throw invalid(where, `has a descriptor with the digest ${JSON.stringify(digest)}`);
  }
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    throw invalid(where, `has a descriptor with the size ${JSON.stringify(size)}`);
  }
  const platform = platformOf(value["platform"]);
  return {
    mediaType,
    digest,
    size,
    ...platform === void 0 ? {} : { platform },
    annotations: annotationsOf(value["annotations"])
  };
}
function platformOf(value) {
  if (!isJsonObject(value)) return void 0;
  const { os, architecture, variant } = value;
  if (typeof os !== "string" || typeof architecture !== "string" || os === "" || architecture === "") return void 0;
  return { os, architecture, ...typeof variant === "string" && variant !== "" ? { variant } : {} };
}
function annotationsOf(value) {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry) => typeof entry[1] === "string")
  );
}
function invalid(where, reason, cause) {
  return new Failure("network", `${where} ${reason}.`, { code: "ManifestInvalid", cause });
}

// src/registry/proxy.ts
var PASSING = [408, 429];
function failureOfProxy(error, url) {
  if (!(error instanceof Error) || !("code" in error)) return void 0;
  if (error.code === "ERR_PROXY_INVALID_CONFIG") return invalid2(url);
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
function invalid2({ host }) {
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
    return new TransientFailure("rate-limit", message, details, retryAfterOf(refusal.headers, now));
  }
  if (status >= 500 || status === 408) {
    const details = { code: "RegistryUnavailable", lines };
    return new TransientFailure("network", message, details, retryAfterOf(refusal.headers, now));
  }
  if (status === 404 && /BLOB_UPLOAD_(?:UNKNOWN|INVALID)/.test(lines.join(" "))) {
    return new TransientFailure("network", message, { code: "UploadLost", lines });
  }
  return new Failure(...lastingFailure(status, message, lines, circumstances));
}
function lastingFailure(status, message, lines, { repository, write }) {
  const { domain } = repository;
  const said = lines.join(" ");
  if (/immutable|TAG_?ALREADY_?EXISTS/i.test(said)) {
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
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    return [];
  }
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
function retryAfterOf(headers, now) {
  const value = headers["retry-after"]?.trim() ?? "";
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1e3;
  const date = Date.parse(value);
  return Number.isNaN(date) ? void 0 : Math.max(0, date - now);
}

// src/registry/retry.ts
import { setTimeout } from "node:timers/promises";
var PATIENCE = { tries: 5, firstDelay: 1e3, longestWait: 12e4 };
async function withRetries(world, patience, work, signal = world.signal) {
  try {
    return await pRetry(work, {
      retries: patience.tries - 1,
      // The wait is ours, as the library's own would come on top of what the server asks for.
      minTimeout: 0,
      signal,
      shouldRetry: ({ error }) => isWorthWaiting(error, patience),
      async onFailedAttempt({ error, attemptNumber, retriesLeft }) {
        if (retriesLeft === 0 || !isWorthWaiting(error, patience)) return;
        world.actions.info(`${error.message} Trying again.`);
        const asked = error instanceof TransientFailure ? error.retryAfter : void 0;
        await setTimeout(asked ?? backOff(attemptNumber, patience), void 0, { signal });
      }
    });
  } catch (error) {
    if (world.signal.aborted) throw cancelled();
    throw error;
  }
}
function backOff(attempt, { firstDelay }) {
  return firstDelay * 2 ** (attempt - 1) * (1 + Math.random());
}
function cancelled() {
  return new Failure("cancelled", "The run was cancelled.");
}
function isWorthWaiting(error, { longestWait }) {
  return error instanceof TransientFailure && (error.retryAfter ?? 0) <= longestWait;
}

// src/registry/parallel.ts
async function inParallel(items, width, signal, work) {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const queue = items.values();
  let failure;
  async function worker() {
    for (const item of queue) {
      if (either.aborted) return;
      try {
        await work(item, either);
      } catch (error) {
        failure ??= { error };
        failed.abort(error);
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (failure !== void 0) throw failure.error;
  if (signal.aborted) throw cancelled();
}

export {
  OCI_INDEX,
  OCI_MANIFEST,
  OCI_CONFIG,
  OCI_EMPTY,
  DOCKER_INDEX,
  DOCKER_MANIFEST,
  ACCEPT,
  isIndexType,
  isManifestType,
  isImageConfigType,
  isForeignType,
  parseManifest,
  parseJsonObject,
  isJsonObject,
  parseDescriptors,
  platformOf,
  TransientFailure,
  failureOfRefusal,
  authHint,
  failureOfConnection,
  PATIENCE,
  withRetries,
  cancelled,
  inParallel
};
