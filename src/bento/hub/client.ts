import { join } from "node:path/posix";
import type { Readable } from "node:stream";
import { Failure } from "../../errors.ts";
import type { Env, HttpResponse, World } from "../../world/world.ts";
import { expandPath } from "../home.ts";

export type HubWorld = Pick<World, "env" | "files" | "http" | "actions" | "signal" | "now">;

const DEFAULT_ENDPOINT = "https://huggingface.co";
const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** A Hugging Face Hub, or a mirror of it, for one repository. */
export interface Hub {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly repository: string;
  /**
   * One GET with redirects followed, no retry. The body must be read or destroyed.
   * @throws {Failure} auth, bento/ModelMissing (404), rate-limit, network, cancelled.
   */
  get(url: URL, headers?: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<HttpResponse>;
}

/** Set on a rate-limit Failure: how long the Hub asks to wait. */
export class HubRateLimit extends Failure {
  readonly waitSeconds: number | undefined;

  constructor(message: string, waitSeconds: number | undefined) {
    super("rate-limit", message, {
      hint: "Set HF_TOKEN: the Hub allows more requests to those it knows. Or cache ~/.cache/huggingface between runs.",
    });
    this.waitSeconds = waitSeconds;
  }
}

/**
 * Opens the Hub a model is on: the endpoint of its metadata, else HF_ENDPOINT, else huggingface.co. HF_TOKEN (or the file
 * a login left) goes only to huggingface.co and to HF_ENDPOINT, never where only the Bento points, and not along with a
 * redirect to another origin. With HF_HUB_OFFLINE it answers nothing.
 */
export async function openHub(
  model: { readonly repository: string; readonly endpoint?: string },
  world: HubWorld,
): Promise<Hub> {
  const endpoint = (model.endpoint ?? (world.env["HF_ENDPOINT"] || DEFAULT_ENDPOINT)).replace(/\/+$/, "");
  const token = await findToken(world);
  if (token !== undefined) world.actions.mask(token);
  const trusted = trustedOrigins(world.env).has(new URL(endpoint).origin);
  const { repository } = model;
  const authorization = trusted && token !== undefined ? { authorization: `Bearer ${token}` } : {};
  const explain = new Refusals(endpoint, repository, { token: token !== undefined, trusted });
  if (isOffline(world.env)) return { endpoint, repository, get: () => Promise.reject(refusedOffline(repository)) };
  return {
    endpoint,
    repository,
    async get(url, headers = {}, signal = world.signal) {
      const response = await follow(url, { ...headers, ...authorization }, signal, world);
      if (response.status < 300 || response.status === 416) return response;
      response.body.destroy();
      throw explain.failure(url, response);
    },
  };
}

function isOffline(env: Env): boolean {
  return /^(?:1|on|yes|true)$/i.test(env["HF_HUB_OFFLINE"] ?? "");
}

function refusedOffline(repository: string): Failure {
  return new Failure("bento", `HF_HUB_OFFLINE is set, and the cache does not hold all of ${repository}`, {
    code: "ModelMissing",
    hint: "Restore the cache in an earlier step, or unset HF_HUB_OFFLINE.",
  });
}

function trustedOrigins(env: Env): ReadonlySet<string> {
  const own = URL.parse(env["HF_ENDPOINT"] ?? "")?.origin;
  return new Set([DEFAULT_ENDPOINT, ...(own === undefined ? [] : [own])]);
}

/** As huggingface_hub's `get_token`: https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables */
async function findToken({ env, files }: HubWorld): Promise<string | undefined> {
  const given = env["HF_TOKEN"] || env["HUGGING_FACE_HUB_TOKEN"];
  if (given) return given.trim();
  const named = env["HF_TOKEN_PATH"] || join(env["HF_HOME"] || "~/.cache/huggingface", "token");
  // Without a home there was no login either.
  const path = named.startsWith("~") && !env["HOME"] ? undefined : expandPath(named, env);
  if (path?.startsWith("/") !== true || (await files.info(path)) === undefined) return undefined;
  return (await files.readText(path)).trim() || undefined;
}

async function follow(
  start: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  world: HubWorld,
): Promise<HttpResponse> {
  let url = start;
  const { authorization: _, ...anonymous } = headers;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const sent = url.origin === start.origin ? headers : anonymous;
    const response = await request(url, sent, signal, world);
    const location = response.headers["location"];
    if (!REDIRECTS.has(response.status) || location === undefined) return response;
    response.body.destroy();
    url = new URL(location, url);
    if (start.protocol === "https:" && url.protocol !== "https:") {
      throw new Failure("network", `${start.host} redirects to ${url.origin}, which is not encrypted`);
    }
  }
  throw new Failure("network", `${start.href} redirects more than ${MAX_REDIRECTS} times`);
}

async function request(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  world: HubWorld,
): Promise<HttpResponse> {
  try {
    return await world.http.request({ method: "GET", url, headers, signal });
  } catch (error) {
    throw networkFailure(error, url, world);
  }
}

/** An error of the connection as a Failure; that of a cancelled run as `cancelled`. */
export function networkFailure(error: unknown, url: URL, world: Pick<World, "signal">): Failure {
  if (error instanceof Failure) return error;
  if (world.signal.aborted) return new Failure("cancelled", `The download from ${url.host} was cancelled`);
  const reason = error instanceof Error ? error.message : String(error);
  return new Failure("network", `${url.host} did not answer: ${reason}`, { cause: error });
}

export async function readBody(body: Readable): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** What the Hub's refusals mean: https://huggingface.co/docs/hub/api, header `x-error-code`. */
class Refusals {
  readonly #endpoint: string;
  readonly #repository: string;
  readonly #credentials: { readonly token: boolean; readonly trusted: boolean };

  constructor(
    endpoint: string,
    repository: string,
    credentials: { readonly token: boolean; readonly trusted: boolean },
  ) {
    this.#endpoint = endpoint;
    this.#repository = repository;
    this.#credentials = credentials;
  }

  failure(url: URL, { status, headers }: HttpResponse): Failure {
    const said = headers["x-error-message"] === undefined ? "" : `: ${headers["x-error-message"]}`;
    const page = `${this.#endpoint}/${this.#repository}`;
    if (status === 401 || status === 403) {
      return new Failure("auth", `${page} refused access (HTTP ${status})${said}`, { hint: this.#authHint(page) });
    }
    if (status === 404) {
      return new Failure("bento", `${url.href} does not exist (HTTP 404)${said}`, {
        code: "ModelMissing",
        hint: "The repository or that commit of it was removed or renamed since the Bento was built.",
      });
    }
    if (status === 429) {
      const wait = Number.parseInt(headers["retry-after"] ?? "", 10);
      return new HubRateLimit(`${page} limits the rate of requests (HTTP 429)`, Number.isNaN(wait) ? undefined : wait);
    }
    return new Failure("network", `${url.href} answered HTTP ${status}${said}`, { code: String(status) });
  }

  #authHint(page: string): string {
    const { token, trusted } = this.#credentials;
    if (token && !trusted) {
      return `HF_TOKEN is sent only to ${DEFAULT_ENDPOINT} and to HF_ENDPOINT. If ${this.#endpoint}, which the Bento names, may have it, set HF_ENDPOINT=${this.#endpoint}.`;
    }
    const gated = `For a gated repository, its terms must be accepted at ${page} by the token's owner.`;
    return token
      ? `The token in HF_TOKEN may not read this repository, or it does not exist. ${gated}`
      : `Set HF_TOKEN in the step's \`env\` to a token that may read it (the Hub also says 401 of what does not exist). ${gated}`;
  }
}
