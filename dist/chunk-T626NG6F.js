const require = process.getBuiltinModule;
import {
  addressKind,
  unquote,
  unsafeReason
} from "./chunk-CDAP7TIF.js";
import {
  Failure,
  Secret,
  expandPath,
  masksOf,
  parseHubAddress,
  printHubAddress
} from "./chunk-X4LXKBUS.js";

// src/bento/hub/client.ts
import { Buffer as Buffer2 } from "node:buffer";
import { join } from "node:path/posix";

// src/bento/hub/endpoint.ts
import { Buffer } from "node:buffer";
var PUBLIC_HUB = "https://huggingface.co";
function endpointOf({ repository, endpoint }, env) {
  const own = workflowEndpoint(env);
  const address = endpoint === void 0 ? PUBLIC_HUB : printHubAddress(new URL(endpoint));
  if (address === PUBLIC_HUB || address === own.address) return own;
  const { protocol, hostname } = new URL(address);
  if (protocol !== "https:") throw refused(repository, address, "where the connection is not encrypted");
  if (addressKind(hostname) !== "public") throw refused(repository, address, "a private address");
  return { address, namedBy: "bento" };
}
function workflowEndpoint(env) {
  const url = parseHubAddress(env["HF_ENDPOINT"] || PUBLIC_HUB);
  if (url === void 0) {
    throw new Failure("input", "The variable HF_ENDPOINT is not an address that begins with https:// or http://", {
      code: "HubInvalid"
    });
  }
  const login = url.username === "" ? {} : { login: `${unquote(url.username)}:${unquote(url.password)}` };
  return { address: printHubAddress(url), namedBy: "workflow", ...login };
}
function refused(repository, address, why) {
  return new Failure("bento", `The Bento alone says that ${repository} is at ${address}, ${why}`, {
    code: "UnsafeAddress",
    hint: `If that hub is yours, say so in the step's \`env\`: HF_ENDPOINT: ${address}`
  });
}
function credentialsFor(url, { address, namedBy, login }, token) {
  if (namedBy === "bento" || url.origin !== new URL(address).origin) return {};
  if (login !== void 0) return { authorization: `Basic ${Buffer.from(login).toString("base64")}` };
  return token === void 0 ? {} : { authorization: `Bearer ${token}` };
}
function addressFrom(text, from, { address }) {
  const hub = new URL(address);
  const url = URL.parse(text, from.href);
  const reason = url === null ? "which is no web address" : unsafeReason(url, hub);
  if (url === null || reason !== void 0) {
    throw new Failure("network", `The hub ${hub.host} sends us to ${url?.origin ?? "nowhere"}, ${reason}`, {
      code: "UnsafeAddress",
      hint: "The hub, or the proxy before it, is set up with a wrong public address."
    });
  }
  url.username = "";
  url.password = "";
  return url;
}

// src/bento/hub/refusals.ts
var HubRateLimit = class extends Failure {
  waitSeconds;
  constructor(message, waitSeconds) {
    super("rate-limit", message, {
      hint: "Set HF_TOKEN: the Hub allows more requests to those it knows. Or cache ~/.cache/huggingface between runs."
    });
    this.waitSeconds = waitSeconds;
  }
};
var MAX_SAID = 300;
function refusal(url, { status, headers }, refused2) {
  const message = refused2.endpoint.namedBy === "bento" ? void 0 : headers["x-error-message"];
  const said = message === void 0 ? "" : `: ${message.slice(0, MAX_SAID)}`;
  const page = `${refused2.endpoint.address}/${refused2.repository}`;
  if (status === 401 || status === 403) {
    return new Failure("auth", `${page} refused access (HTTP ${status})${said}`, { hint: authHint(page, refused2) });
  }
  if (status === 404) {
    return new Failure("bento", `${printUrl(url)} does not exist (HTTP 404)${said}`, {
      code: "ModelMissing",
      hint: "The repository or that commit of it was removed or renamed since the Bento was built."
    });
  }
  if (status === 429) {
    const wait = Number.parseInt(headers["retry-after"] ?? "", 10);
    return new HubRateLimit(`${page} limits the rate of requests (HTTP 429)`, Number.isNaN(wait) ? void 0 : wait);
  }
  return new Failure("network", `${printUrl(url)} answered HTTP ${status}${said}`, { code: String(status) });
}
function authHint(page, { endpoint: { address, namedBy, login }, hasToken }) {
  if (namedBy === "bento") {
    return `Only the Bento names ${address}, so no login was sent there. If it may have HF_TOKEN or a login, set HF_ENDPOINT=${address}.`;
  }
  if (login !== void 0) return "The login in HF_ENDPOINT was sent, and HF_TOKEN was not.";
  const gated = `For a gated repository, its terms must be accepted at ${page} by the token's owner.`;
  return hasToken ? `The token in HF_TOKEN may not read this repository, or it does not exist. ${gated}` : `Set HF_TOKEN in the step's \`env\` to a token that may read it (the Hub also says 401 of what does not exist). ${gated}`;
}
function printUrl({ origin, pathname }) {
  return `${origin}${pathname}`;
}

// src/bento/hub/client.ts
var MAX_REDIRECTS = 10;
var REDIRECTS = /* @__PURE__ */ new Set([301, 302, 303, 307, 308]);
async function openHub(model, machine) {
  const { repository } = model;
  const endpoint = endpointOf(model, machine.env);
  const token = await findToken(machine);
  for (const mask of masksFor(endpoint, token)) machine.actions.mask(mask);
  if (isOffline(machine.env)) return { endpoint, repository, get: () => Promise.reject(refusedOffline(repository)) };
  return {
    endpoint,
    repository,
    async get(url, headers = {}, signal = machine.signal) {
      const send = (hop) => request(hop, { ...headers, ...credentialsFor(hop, endpoint, token) }, signal, machine);
      const response = await follow(url, endpoint, send);
      if (response.status < 300 || response.status === 416) return response;
      response.body.destroy();
      throw refusal(url, response, { endpoint, repository, hasToken: token !== void 0 });
    }
  };
}
function masksFor({ login }, token) {
  const ofLogin = login === void 0 ? [] : [secretOf(login), Buffer2.from(login).toString("base64")];
  return [...ofLogin, ...token === void 0 ? [] : [token]].flatMap((text) => masksOf(new Secret(text)));
}
function secretOf(login) {
  const colon = login.indexOf(":");
  return login.slice(colon + 1) || login.slice(0, colon);
}
function isOffline(env) {
  return /^(?:1|on|yes|true)$/i.test(env["HF_HUB_OFFLINE"] ?? "");
}
function refusedOffline(repository) {
  return new Failure("bento", `HF_HUB_OFFLINE is set, and the cache does not hold all of ${repository}`, {
    code: "ModelMissing",
    hint: "Restore the cache in an earlier step, or unset HF_HUB_OFFLINE."
  });
}
async function findToken({ env, files }) {
  const given = env["HF_TOKEN"]?.trim() || env["HUGGING_FACE_HUB_TOKEN"]?.trim();
  if (given) return given;
  const named = env["HF_TOKEN_PATH"] || join(env["HF_HOME"] || "~/.cache/huggingface", "token");
  const path = named.startsWith("~") && !env["HOME"] ? void 0 : expandPath(named, env);
  if (path?.startsWith("/") !== true || await files.info(path) === void 0) return void 0;
  return (await files.readText(path)).trim() || void 0;
}
async function follow(start, endpoint, send) {
  let url = start;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const response = await send(url);
    const location = response.headers["location"];
    if (!REDIRECTS.has(response.status) || location === void 0) return response;
    response.body.destroy();
    url = addressFrom(location, url, endpoint);
  }
  throw new Failure("network", `${printUrl(start)} redirects more than ${MAX_REDIRECTS} times`, {
    code: "RedirectLoop"
  });
}
async function request(url, headers, signal, machine) {
  try {
    return await machine.http.request({ method: "GET", url, headers, signal });
  } catch (error) {
    throw networkFailure(error, url, machine);
  }
}
function networkFailure(error, url, machine) {
  if (error instanceof Failure) return error;
  if (machine.signal.aborted) return new Failure("cancelled", `The download from ${url.host} was cancelled`);
  const reason = error instanceof Error ? error.message : String(error);
  return new Failure("network", `${url.host} did not answer: ${reason}`, { cause: error });
}

// src/bento/hub/retry.ts
import { setTimeout as sleep } from "node:timers/promises";
var HUB_RETRY_POLICY = { retries: 4, delay: 1e3, maxWait: 120, answerTime: 6e4 };
async function retrying(work, machine, pace) {
  const { default: pRetry } = await import("./p-retry-W4RWZLIM.js");
  try {
    return await pRetry(work, {
      retries: pace.retries,
      minTimeout: pace.delay,
      signal: machine.signal,
      shouldRetry: ({ error }) => isPassing(error, pace),
      async onFailedAttempt({ error, retriesLeft }) {
        if (retriesLeft === 0 || !isPassing(error, pace)) return;
        machine.actions.info(`${error.message}; trying again`);
        if (error instanceof HubRateLimit && error.waitSeconds !== void 0) {
          await sleep(error.waitSeconds * 1e3, void 0, { signal: machine.signal });
        }
      }
    });
  } catch (error) {
    if (machine.signal.aborted) throw new Failure("cancelled", "The download was cancelled", { cause: error });
    throw error;
  }
}
function isPassing(error, pace) {
  if (error instanceof HubRateLimit) return (error.waitSeconds ?? 0) <= pace.maxWait;
  if (!(error instanceof Failure) || error.class !== "network") return false;
  return !/^4(?!08)\d\d$|^(?:UnsafeAddress|RedirectLoop|AnswerTooLong)$/.test(error.code);
}

// src/bento/hub/file.ts
function fileUrl({ endpoint: { address }, repository }, commit, path) {
  const name = path.split("/").map(encodeURIComponent).join("/");
  return new URL(`${address}/${repository}/resolve/${commit}/${name}`);
}
function isContinued({ status, headers }, start) {
  return status === 206 && headers["content-range"]?.startsWith(`bytes ${start}-`) === true;
}
function damaged(path, { repository }, hash) {
  return new Failure("network", `${path} of ${repository} came damaged: its hash is not ${hash}`, {
    code: "Damaged",
    hint: "A proxy or mirror between here and the Hub changes or truncates files."
  });
}

export {
  addressFrom,
  printUrl,
  openHub,
  isOffline,
  networkFailure,
  HUB_RETRY_POLICY,
  retrying,
  isPassing,
  fileUrl,
  isContinued,
  damaged
};
