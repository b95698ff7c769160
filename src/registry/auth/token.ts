import { cancelled, Failure } from "../../errors.ts";
import type { HttpRequest, HttpResponse, Machine } from "../../machine/machine.ts";
import { readAtMost } from "../../oci/content.ts";
import { parseJsonObject } from "../../oci/manifest.ts";
import { printRepository, type Repository } from "../../oci/reference.ts";
import { masksOf } from "../../secrets/masks.ts";
import { Secret } from "../../secrets/secret.ts";
import { checkAddress } from "../endpoint.ts";
import { authHint, failureOfConnection, failureOfRefusal, type Refusal, TransientFailure } from "../failures.ts";
import type { Challenge } from "./challenge.ts";
import { basicAuth, type Credential, type Credentials, sameCredential } from "./credentials.ts";

/** The rights that a request needs. */
export interface Access {
  readonly repository: Repository;
  /** Writing includes reading, because registries refuse HEAD with a grant that may only write. */
  readonly write: boolean;
  /** A second repository of the same registry, to mount blobs from. */
  readonly mountFrom?: Repository;
}

/** The result of a login. */
export interface Grant {
  /** The `Authorization` header. */
  readonly header: string;
  /** When it expires, in milliseconds since the epoch. */
  readonly expires: number;
  /** The credential that was used; `undefined` for an anonymous token. */
  readonly credential: Credential | undefined;
  /** Whether the header contains the credential itself. If a token is refused, the credential may still be valid. */
  readonly isCredential: boolean;
}

/** Where and how to log in to a registry. */
export interface LoginEndpoint {
  readonly challenge: Challenge;
  readonly registry: URL;
}

export type TokenMachine = Pick<Machine, "http" | "actions" | "now" | "signal">;

/** Docker's default life of a token, in seconds, for answers without `expires_in`. */
const DEFAULT_LIFE = 60;
const ANSWER_LIMIT = 1024 * 1024;

/** The scopes; the destination comes first, because some servers read only one. */
export function scopesOf({ repository, write, mountFrom }: Access): readonly string[] {
  const scope = `repository:${repository.path}:${write ? "pull,push" : "pull"}`;
  return mountFrom === undefined ? [scope] : [scope, `repository:${mountFrom.path}:pull`];
}

/**
 * Logs in with the repository's credential, or anonymously without one. If the registry refuses the credential, it is searched
 * again once, because a helper may have a new password. If there is no other, a credential that worked before is sent once
 * more, because a single 401 may be a mistake of the registry.
 * @param before the previous grant of this access, which has expired or was refused.
 * @throws Failure `auth`, code `NotLoggedIn`, `CredentialsRefused`, `RealmInvalid` or `TokenInvalid`; `network`; `rate-limit`.
 * @see https://distribution.github.io/distribution/spec/auth/token/
 * @see https://distribution.github.io/distribution/spec/auth/oauth/
 */
export async function logIn(
  machine: TokenMachine,
  credentials: Credentials,
  access: Access,
  endpoint: LoginEndpoint,
  before?: Grant,
): Promise<Grant> {
  const { repository } = access;
  const credential = await credentials(repository, before?.isCredential === true ? before.credential : undefined);
  try {
    return await logInWith(machine, access, endpoint, credential);
  } catch (error) {
    if (credential === undefined || !(error instanceof Failure) || error.code !== REFUSED) throw error;
    const renewed = await credentials(repository, credential);
    if (before === undefined && sameCredential(renewed, credential)) throw error;
    return logInWith(machine, access, endpoint, renewed);
  }
}

async function logInWith(
  machine: TokenMachine,
  access: Access,
  endpoint: LoginEndpoint,
  credential: Credential | undefined,
): Promise<Grant> {
  const lasting = { expires: Number.POSITIVE_INFINITY, credential, isCredential: true };
  if (credential?.registryToken !== undefined) {
    return { ...lasting, header: `Bearer ${credential.registryToken.reveal()}` };
  }
  if (endpoint.challenge.scheme === "bearer") {
    return { ...(await fetchToken(machine, access, endpoint, credential)), credential, isCredential: false };
  }
  if (credential?.password === undefined) throw notLoggedIn(access.repository);
  return { ...lasting, header: `Basic ${basicAuth(credential.username, credential.password)}` };
}

/** Names the credential's user and source, without its secrets. */
export function printCredential({ username, source }: Credential): string {
  return `the credentials${username === "" ? "" : ` of ${username}`} from ${source}`;
}

async function fetchToken(
  machine: TokenMachine,
  access: Access,
  { challenge, registry }: LoginEndpoint,
  credential: Credential | undefined,
): Promise<Pick<Grant, "header" | "expires">> {
  const realm = realmOf(challenge, registry);
  const service = challenge.parameters["service"];
  const parameters = new URLSearchParams(service === undefined ? [] : [["service", service]]);
  for (const scope of scopesOf(access)) parameters.append("scope", scope);
  const started = machine.now().getTime();
  const answer =
    credential?.identityToken === undefined
      ? await requestToken(machine, realm, parameters, credential)
      : await exchangeToken(machine, realm, parameters, credential, credential.identityToken);
  const body = await readAnswer(answer, realm);
  if (answer.status !== 200) throw tokenRefused(machine, access, { ...answer, text: body }, credential);
  return readToken(machine, body, realm, started);
}

async function requestToken(
  machine: TokenMachine,
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
  return send(machine, { method: "GET", url, headers });
}

/** OAuth2 with a refresh token, which azurecr.io and credential helpers give; not every server supports it. */
async function exchangeToken(
  machine: TokenMachine,
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
  const answer = await send(machine, { method: "POST", url: realm, headers, body: form.toString() });
  if (answer.status !== 404 && answer.status !== 405) return answer;
  answer.body.destroy();
  return requestToken(machine, realm, parameters, credential);
}

async function send(machine: TokenMachine, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await machine.http.request(request);
  } catch (error) {
    throw machine.signal.aborted
      ? cancelled(machine.signal, `The login at ${request.url.host} was stopped`, error)
      : failureOfConnection(error, request.url);
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
    throw new Failure("auth", `${registry.host} gives no valid address for tokens.`, { code: "RealmInvalid" });
  }
  const url = new URL(realm, registry);
  checkAddress(url, registry);
  return url;
}

function readToken(
  machine: TokenMachine,
  body: string,
  realm: URL,
  started: number,
): Pick<Grant, "header" | "expires"> {
  const json = parseJsonObject(Buffer.from(body), `The token from ${realm.host}`);
  const token = json["token"] || json["access_token"];
  if (typeof token !== "string") {
    throw new Failure("auth", `${realm.host} gave an answer without a token.`, { code: "TokenInvalid" });
  }
  for (const mask of masksOf(new Secret(token))) machine.actions.mask(mask);
  const life = typeof json["expires_in"] === "number" ? json["expires_in"] : 0;
  return { header: `Bearer ${token}`, expires: started + Math.max(life, DEFAULT_LIFE) * 1000 };
}

function tokenRefused(
  machine: TokenMachine,
  { repository, write }: Access,
  refusal: Refusal,
  credential: Credential | undefined,
): Failure {
  const login = credential && printCredential(credential);
  const context = { repository, write, doing: "giving a token", login, now: machine.now().getTime() };
  const failure = failureOfRefusal(refusal, context);
  if (failure instanceof TransientFailure) return failure;
  if (credential === undefined) return notLoggedIn(repository, failure.lines);
  return credentialsRefused(repository, credential, failure.lines);
}

const REFUSED = "CredentialsRefused";

function credentialsRefused(repository: Repository, credential: Credential, lines: readonly string[]): Failure {
  const { domain } = repository;
  return new Failure("auth", `${domain} refused ${printCredential(credential)} for ${printRepository(repository)}.`, {
    code: REFUSED,
    lines,
    hint: authHint(repository),
  });
}

function notLoggedIn(repository: Repository, lines: readonly string[] = []): Failure {
  return new Failure(
    "auth",
    `${repository.domain} requires a login for ${printRepository(repository)}; no credentials were found.`,
    {
      code: "NotLoggedIn",
      lines,
      hint: authHint(repository),
    },
  );
}
