const require = process.getBuiltinModule;
import {
  Failure,
  expandPath
} from "./chunk-5E5L6I3A.js";

// src/bento/hub/client.ts
import { join } from "node:path/posix";
var DEFAULT_ENDPOINT = "https://huggingface.co";
var MAX_REDIRECTS = 10;
var REDIRECTS = /* @__PURE__ */ new Set([301, 302, 303, 307, 308]);
var HubRateLimit = class extends Failure {
  waitSeconds;
  constructor(message, waitSeconds) {
    super("rate-limit", message, {
      hint: "Set HF_TOKEN: the Hub allows more requests to those it knows. Or cache ~/.cache/huggingface between runs."
    });
    this.waitSeconds = waitSeconds;
  }
};
async function openHub(model, world) {
  const endpoint = (model.endpoint ?? (world.env["HF_ENDPOINT"] || DEFAULT_ENDPOINT)).replace(/\/+$/, "");
  const token = await findToken(world);
  if (token !== void 0) world.actions.mask(token);
  const trusted = trustedOrigins(world.env).has(new URL(endpoint).origin);
  const { repository } = model;
  const authorization = trusted && token !== void 0 ? { authorization: `Bearer ${token}` } : {};
  const explain = new Refusals(endpoint, repository, { token: token !== void 0, trusted });
  if (isOffline(world.env)) return { endpoint, repository, get: () => Promise.reject(refusedOffline(repository)) };
  return {
    endpoint,
    repository,
    async get(url, headers = {}, signal = world.signal) {
      const response = await follow(url, { ...headers, ...authorization }, signal, world);
      if (response.status < 300 || response.status === 416) return response;
      response.body.destroy();
      throw explain.failure(url, response);
    }
  };
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
function trustedOrigins(env) {
  const own = URL.parse(env["HF_ENDPOINT"] ?? "")?.origin;
  return /* @__PURE__ */ new Set([DEFAULT_ENDPOINT, ...own === void 0 ? [] : [own]]);
}
async function findToken({ env, files }) {
  const given = env["HF_TOKEN"] || env["HUGGING_FACE_HUB_TOKEN"];
  if (given) return given.trim();
  const named = env["HF_TOKEN_PATH"] || join(env["HF_HOME"] || "~/.cache/huggingface", "token");
  const path = named.startsWith("~") && !env["HOME"] ? void 0 : expandPath(named, env);
  if (path?.startsWith("/") !== true || await files.info(path) === void 0) return void 0;
  return (await files.readText(path)).trim() || void 0;
}
async function follow(start, headers, signal, world) {
  let url = start;
  const { authorization: _, ...anonymous } = headers;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const sent = url.origin === start.origin ? headers : anonymous;
    const response = await request(url, sent, signal, world);
    const location = response.headers["location"];
    if (!REDIRECTS.has(response.status) || location === void 0) return response;
    response.body.destroy();
    url = new URL(location, url);
    if (start.protocol === "https:" && url.protocol !== "https:") {
      throw new Failure("network", `${start.host} redirects to ${url.origin}, which is not encrypted`);
    }
  }
  throw new Failure("network", `${start.href} redirects more than ${MAX_REDIRECTS} times`);
}
async function request(url, headers, signal, world) {
  try {
    return await world.http.request({ method: "GET", url, headers, signal });
  } catch (error) {
    throw networkFailure(error, url, world);
  }
}
function networkFailure(error, url, world) {
  if (error instanceof Failure) return error;
  if (world.signal.aborted) return new Failure("cancelled", `The download from ${url.host} was cancelled`);
  const reason = error instanceof Error ? error.message : String(error);
  return new Failure("network", `${url.host} did not answer: ${reason}`, { cause: error });
}
async function readBody(body) {
  const chunks = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
var Refusals = class {
  #endpoint;
  #repository;
  #credentials;
  constructor(endpoint, repository, credentials) {
    this.#endpoint = endpoint;
    this.#repository = repository;
    this.#credentials = credentials;
  }
  failure(url, { status, headers }) {
    const said = headers["x-error-message"] === void 0 ? "" : `: ${headers["x-error-message"]}`;
    const page = `${this.#endpoint}/${this.#repository}`;
    if (status === 401 || status === 403) {
      return new Failure("auth", `${page} refused access (HTTP ${status})${said}`, { hint: this.#authHint(page) });
    }
    if (status === 404) {
      return new Failure("bento", `${url.href} does not exist (HTTP 404)${said}`, {
        code: "ModelMissing",
        hint: "The repository or that commit of it was removed or renamed since the Bento was built."
      });
    }
    if (status === 429) {
      const wait = Number.parseInt(headers["retry-after"] ?? "", 10);
      return new HubRateLimit(`${page} limits the rate of requests (HTTP 429)`, Number.isNaN(wait) ? void 0 : wait);
    }
    return new Failure("network", `${url.href} answered HTTP ${status}${said}`, { code: String(status) });
  }
  #authHint(page) {
    const { token, trusted } = this.#credentials;
    if (token && !trusted) {
      return `HF_TOKEN is sent only to ${DEFAULT_ENDPOINT} and to HF_ENDPOINT. If ${this.#endpoint}, which the Bento names, may have it, set HF_ENDPOINT=${this.#endpoint}.`;
    }
    const gated = `For a gated repository, its terms must be accepted at ${page} by the token's owner.`;
    return token ? `The token in HF_TOKEN may not read this repository, or it does not exist. ${gated}` : `Set HF_TOKEN in the step's \`env\` to a token that may read it (the Hub also says 401 of what does not exist). ${gated}`;
  }
};

// src/bento/hub/file.ts
function fileUrl({ endpoint, repository }, commit, path) {
  const name = path.split("/").map(encodeURIComponent).join("/");
  return new URL(`${endpoint}/${repository}/resolve/${commit}/${name}`);
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

// src/bento/hub/retry.ts
import { setTimeout as sleep } from "node:timers/promises";
var PACE = { retries: 4, delay: 1e3, maxWait: 120 };
async function retrying(work, world, pace) {
  const { default: pRetry } = await import("./p-retry-3LS6UMXV.js");
  try {
    return await pRetry(work, {
      retries: pace.retries,
      minTimeout: pace.delay,
      signal: world.signal,
      shouldRetry: ({ error }) => isPassing(error, pace),
      async onFailedAttempt({ error, retriesLeft }) {
        if (retriesLeft === 0 || !isPassing(error, pace)) return;
        world.actions.info(`${error.message}; trying again`);
        if (error instanceof HubRateLimit && error.waitSeconds !== void 0) {
          await sleep(error.waitSeconds * 1e3, void 0, { signal: world.signal });
        }
      }
    });
  } catch (error) {
    if (world.signal.aborted) throw new Failure("cancelled", "The download was cancelled", { cause: error });
    throw error;
  }
}
function isPassing(error, pace) {
  if (error instanceof HubRateLimit) return (error.waitSeconds ?? 0) <= pace.maxWait;
  if (!(error instanceof Failure) || error.class !== "network") return false;
  return !/^4(?!08)\d\d$/.test(error.code);
}

export {
  openHub,
  networkFailure,
  readBody,
  fileUrl,
  isContinued,
  damaged,
  PACE,
  retrying
};
