import { Failure } from "../errors.ts";
import { printRepository, type Repository } from "../image/reference.ts";
import type { Secret } from "../image/secret.ts";
import type { HttpRequest, HttpResponse, World } from "../world/world.ts";
import type { Challenge } from "./challenge.ts";
import { readAtMost } from "./content.ts";
import { basicAuth, type Credential, type Credentials } from "./credentials.ts";
import { checkAddress } from "./endpoint.ts";
import { authHint, failureOfConnection, failureOfRefusal, type Refusal, TransientFailure } from "./failures.ts";
import { parseJsonObject } from "./manifest.ts";
import { cancelled } from "./retry.ts";

/** What a request needs the right to do. */
export interface Access {
  readonly repository: Repository;
  /** Writing includes reading: registries refuse HEAD to those that may only write. */
  readonly write: boolean;
  /** A second repository of the same registry, to mount blobs from. */
  readonly mountFrom?: Repository;
}

/** What a login gives. */
export interface Grant {
  /** The `Authorization` header. */
  readonly header: string;
  /** Until when it is good, in milliseconds since the epoch. */
  readonly expires: number;
  /** Whose credentials it came from and where they were found; `undefined` for a token that everyone gets. */
  readonly login: string | undefined;
}

/** Where and how to log in to a registry. */
export interface Door {
  readonly challenge: Challenge;
  readonly registry: URL;
}

export type TokenWorld = Pick<World, "http" | "actions" | "now" | "signal">;

/** Docker's own default, in seconds, for answers that do not say. */
const DEFAULT_LIFE = 60;
const ANSWER_LIMIT = 1024 * 1024;

/** The destination comes first: some servers read one scope only. */
export function scopesOf({ repository, write, mountFrom }: Access): readonly string[] {
  const scope = `repository:${repository.path}:${write ? "pull,push" : "pull"}`;
  return mountFrom === undefined ? [scope] : [scope, `repository:${mountFrom.path}:pull`];
}

/**
 * Logs in with what the credentials hold for the repository, or as nobody where tokens are given to everyone.
 * @throws Failure `auth`, code `NotLoggedIn`, `CredentialsRefused`, `RealmInvalid` or `TokenInvalid`; `network`; `rate-limit`.
 * @see https://distribution.github.io/distribution/spec/auth/token/
 * @see https://distribution.github.io/distribution/spec/auth/oauth/
 */
export async function logIn(world: TokenWorld, credentials: Credentials, access: Access, door: Door): Promise<Grant> {
  const credential = await credentials(access.repository);
  const login = credential && printCredential(credential);
  if (credential?.registryToken !== undefined) {
    return { header: `Bearer ${credential.registryToken.reveal()}`, expires: Number.POSITIVE_INFINITY, login };
  }
  if (door.challenge.scheme === "bearer") {
    return { ...(await fetchToken(world, access, door, credential)), login };
  }
  if (credential?.password === undefined) throw notLoggedIn(access.repository);
  const header = `Basic ${basicAuth(credential.username, credential.password)}`;
  return { header, expires: Number.POSITIVE_INFINITY, login };
}

/** Names the credentials, never shows them. */
function printCredential({ username, source }: Credential): string {
  return `the credentials${username === "" ? "" : ` of ${username}`} from ${source}`;
}

async function fetchToken(
  world: TokenWorld,
  access: Access,
  { challenge, registry }: Door,
  credential: Credential | undefined,
): Promise<Omit<Grant, "login">> {
  const realm = realmOf(challenge, registry);
  const service = challenge.parameters["service"];
  const parameters = new URLSearchParams(service === undefined ? [] : [["service", service]]);
  for (const scope of scopesOf(access)) parameters.append("scope", scope);
  const started = world.now().getTime();
  const answer =
    credential?.identityToken === undefined
      ? await askToken(world, realm, parameters, credential)
      : await tradeToken(world, realm, parameters, credential, credential.identityToken);
  const body = await readAnswer(answer, realm);
  if (answer.status !== 200) throw tokenRefused(world, access, { ...answer, text: body }, credential);
  return readToken(world, body, realm, started);
}

async function askToken(
  world: TokenWorld,
  realm: URL,
  parameters: URLSearchParams,
  credential: Credential | undefined,
): Promise<HttpResponse> {
  const url = new URL(realm);
  for (const [name, value] of parameters) url.searchParams.append(name, value);
  const headers =
    credential?.password === undefined
      ? {}
      : { authorization: `Basic ${basicAuth(credential.username, credential.password)}` };
  return send(world, { method: "GET", url, headers });
}

/** OAuth2's way with a refresh token, which azurecr.io and credential programs give; not every server has it. */
async function tradeToken(
  world: TokenWorld,
  realm: URL,
  parameters: URLSearchParams,
  credential: Credential,
  refresh: Secret,
): Promise<HttpResponse> {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: "bento-image",
    refresh_token: refresh.reveal(),
  });
  const service = parameters.get("service");
  if (service !== null) form.set("service", service);
  form.set("scope", parameters.getAll("scope").join(" "));
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await send(world, { method: "POST", url: realm, headers, body: form.toString() });
  if (answer.status !== 404 && answer.status !== 405) return answer;
  answer.body.destroy();
  return askToken(world, realm, parameters, credential);
}

async function send(world: TokenWorld, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await world.http.request(request);
  } catch (error) {
    throw world.signal.aborted ? cancelled() : failureOfConnection(error, request.url);
  }
}

async function readAnswer({ body }: HttpResponse, realm: URL): Promise<string> {
  try {
    return (await readAtMost(body, ANSWER_LIMIT, realm.host)).toString("utf8");
  } catch (error) {
    throw error instanceof Failure ? error : failureOfConnection(error, realm);
  }
}

function realmOf({ parameters }: Challenge, registry: URL): URL {
  const realm = parameters["realm"] ?? "";
  if (!URL.canParse(realm, registry.href)) {
    throw new Failure("auth", `${registry.host} names no address to get a token from.`, { code: "RealmInvalid" });
  }
  const url = new URL(realm, registry);
  checkAddress(url, registry);
  return url;
}

function readToken(world: TokenWorld, body: string, realm: URL, started: number): Omit<Grant, "login"> {
  const json = parseJsonObject(Buffer.from(body), `The token from ${realm.host}`);
  const token = json["token"] || json["access_token"];
  if (typeof token !== "string") {
    throw new Failure("auth", `${realm.host} gave an answer without a token.`, { code: "TokenInvalid" });
  }
  world.actions.mask(token);
  const life = typeof json["expires_in"] === "number" ? json["expires_in"] : 0;
  return { header: `Bearer ${token}`, expires: started + Math.max(life, DEFAULT_LIFE) * 1000 };
}

function tokenRefused(
  world: TokenWorld,
  { repository, write }: Access,
  refusal: Refusal,
  credential: Credential | undefined,
): Failure {
  const login = credential && printCredential(credential);
  const circumstances = { repository, write, doing: "giving a token", login, now: world.now().getTime() };
  const failure = failureOfRefusal(refusal, circumstances);
  if (failure instanceof TransientFailure) return failure;
  if (login === undefined) return notLoggedIn(repository, failure.lines);
  return new Failure("auth", `${repository.domain} refused ${login} for ${printRepository(repository)}.`, {
    code: "CredentialsRefused",
    lines: failure.lines,
    hint: authHint(repository),
  });
}

function notLoggedIn(repository: Repository, lines: readonly string[] = []): Failure {
  return new Failure("auth", `${repository.domain} wants a login for ${printRepository(repository)}; none was found.`, {
    code: "NotLoggedIn",
    lines,
    hint: authHint(repository),
  });
}
