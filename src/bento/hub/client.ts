import { Buffer } from "node:buffer";
import { join } from "node:path/posix";
import { Failure } from "../../errors.ts";
import type { Env, HttpResponse, Machine } from "../../machine/machine.ts";
import { masksOf } from "../../secrets/masks.ts";
import { Secret } from "../../secrets/secret.ts";
import type { HubModel } from "../bento.ts";
import { expandPath } from "../home.ts";
import { addressFrom, credentialsFor, endpointOf, type HubEndpoint } from "./endpoint.ts";
import { printUrl, refusal } from "./refusals.ts";

export type HubMachine = Pick<Machine, "env" | "files" | "http" | "actions" | "signal" | "now">;

const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** A client of a Hugging Face Hub, or of a mirror, for one repository. */
export interface Hub {
  readonly endpoint: HubEndpoint;
  readonly repository: string;
  /**
   * Sends a GET request and follows redirects, without retries. The body must be read or destroyed.
   * @throws {Failure} auth, bento/ModelMissing (404), rate-limit, network, cancelled.
   */
  get(url: URL, headers?: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<HttpResponse>;
}

/**
 * Creates a client for the hub of a model, see `endpointOf`. `credentialsFor` decides which requests carry HF_TOKEN or the
 * token file of a login. With HF_HUB_OFFLINE every request fails.
 * @throws {Failure} as `endpointOf`.
 */
export async function openHub(model: Pick<HubModel, "repository" | "endpoint">, machine: HubMachine): Promise<Hub> {
  const { repository } = model;
  const endpoint = endpointOf(model, machine.env);
  const token = await findToken(machine);
  for (const mask of masksFor(endpoint, token)) machine.actions.mask(mask);
  if (isOffline(machine.env)) return { endpoint, repository, get: () => Promise.reject(refusedOffline(repository)) };
  return {
    endpoint,
    repository,
    async get(url, headers = {}, signal = machine.signal) {
      const send = (hop: URL): Promise<HttpResponse> =>
        request(hop, { ...headers, ...credentialsFor(hop, endpoint, token) }, signal, machine);
      const response = await follow(url, endpoint, send);
      if (response.status < 300 || response.status === 416) return response;
      response.body.destroy();
      throw refusal(url, response, { endpoint, repository, hasToken: token !== undefined });
    },
  };
}

/** All forms in which the token and the login are sent and therefore might be logged. */
function masksFor({ login }: HubEndpoint, token: string | undefined): readonly string[] {
  const ofLogin = login === undefined ? [] : [secretOf(login), Buffer.from(login).toString("base64")];
  return [...ofLogin, ...(token === undefined ? [] : [token])].flatMap((text) => masksOf(new Secret(text)));
}

/** The password, or the user name if it is a token without a password. */
function secretOf(login: string): string {
  const colon = login.indexOf(":");
  return login.slice(colon + 1) || login.slice(0, colon);
}

/** Whether HF_HUB_OFFLINE forbids requests to a hub. */
export function isOffline(env: Env): boolean {
  return /^(?:1|on|yes|true)$/i.test(env["HF_HUB_OFFLINE"] ?? "");
}

function refusedOffline(repository: string): Failure {
  return new Failure("bento", `HF_HUB_OFFLINE is set, but the cache does not contain all files of ${repository}`, {
    code: "ModelMissing",
    hint: "Restore the cache in an earlier step, or unset HF_HUB_OFFLINE.",
  });
}

/** As huggingface_hub's `get_token`: https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables */
async function findToken({ env, files }: HubMachine): Promise<string | undefined> {
  const given = env["HF_TOKEN"]?.trim() || env["HUGGING_FACE_HUB_TOKEN"]?.trim();
  if (given) return given;
  const named = env["HF_TOKEN_PATH"] || join(env["HF_HOME"] || "~/.cache/huggingface", "token");
  // Without a home directory there is no token file.
  const path = named.startsWith("~") && !env["HOME"] ? undefined : expandPath(named, env);
  if (path?.startsWith("/") !== true || (await files.info(path)) === undefined) return undefined;
  return (await files.readText(path)).trim() || undefined;
}

async function follow(
  start: URL,
  endpoint: HubEndpoint,
  send: (url: URL) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  let url = start;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const response = await send(url);
    const location = response.headers["location"];
    if (!REDIRECTS.has(response.status) || location === undefined) return response;
    response.body.destroy();
    url = addressFrom(location, url, endpoint);
  }
  throw new Failure("network", `${printUrl(start)} redirects more than ${MAX_REDIRECTS} times`, {
    code: "RedirectLoop",
  });
}

async function request(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  machine: HubMachine,
): Promise<HttpResponse> {
  try {
    return await machine.http.request({ method: "GET", url, headers, signal });
  } catch (error) {
    throw networkFailure(error, url, machine);
  }
}

/** Converts a connection error to a Failure, with class `cancelled` if the run was cancelled. */
export function networkFailure(error: unknown, url: URL, machine: Pick<Machine, "signal">): Failure {
  if (error instanceof Failure) return error;
  if (machine.signal.aborted) return new Failure("cancelled", `The download from ${url.host} was cancelled`);
  const reason = error instanceof Error ? error.message : String(error);
  return new Failure("network", `${url.host} did not answer: ${reason}`, { cause: error });
}
