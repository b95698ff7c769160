import { text } from "node:stream/consumers";
import { Failure } from "../errors.ts";
import { printRepository, type Repository } from "../image/reference.ts";
import type { Secret } from "../image/secret.ts";
import type { HttpResponse, World } from "../world/world.ts";
import { type Challenge, parseChallenges } from "./challenge.ts";
import { basicAuth, type Credential, type Credentials } from "./credentials.ts";
import { checkAddress } from "./endpoint.ts";
import { authHint, failureOfConnection, failureOfRefusal } from "./failures.ts";
import { parseJsonObject } from "./manifest.ts";

/** What a request needs the right to do. */
export interface Access {
  readonly repository: Repository;
  /** Writing includes reading: registries refuse HEAD to those that may only write. */
  readonly write: boolean;
  /** A second repository of the same registry, to mount blobs from. */
  readonly mountFrom?: Repository;
}

/** A login: the `Authorization` header and, in milliseconds since the epoch, until when it is good. */
export interface Grant {
  readonly header: string;
  readonly expires: number;
}

export interface Authorizer {
  /** The grant for this access if the registry is known to want one, renewed when it is about to end. */
  current(access: Access): Promise<Grant | undefined>;
  /** A new grant, after the registry answered 401 to a request with `refused`. Simultaneous logins become one. */
  login(access: Access, registry: URL, header: string, refused: Grant | undefined): Promise<Grant>;
}

type AuthorizerWorld = Pick<World, "http" | "actions" | "now">;

interface Door {
  readonly challenge: Challenge;
  readonly registry: URL;
}

/** Docker's own default for answers that do not say. */
const DEFAULT_LIFE = 60;
/** A grant that ends sooner than this is renewed first, in milliseconds. */
const MARGIN = 10_000;

/** @see https://distribution.github.io/distribution/spec/auth/token/ */
export function openAuthorizer(world: AuthorizerWorld, credentials: Credentials): Authorizer {
  const doors = new Map<string, Door>();
  const grants = new Map<string, Promise<Grant>>();

  function enter(access: Access, door: Door): Promise<Grant> {
    const key = keyOf(access);
    const grant = logIn(world, credentials, access, door);
    grants.set(key, grant);
    grant.catch(() => grants.get(key) === grant && grants.delete(key));
    return grant;
  }

  return {
    async current(access) {
      const known = grants.get(keyOf(access)) ?? grants.get(keyOf({ ...access, write: true }));
      const grant = await known;
      if (grant !== undefined && grant.expires - MARGIN > world.now().getTime()) return grant;
      const door = doors.get(access.repository.domain);
      return door === undefined ? undefined : enter(access, door);
    },
    async login(access, registry, header, refused) {
      const known = await grants.get(keyOf(access));
      if (known !== undefined && known.header !== refused?.header) return known;
      const door = { challenge: chooseChallenge(header, access.repository), registry };
      doors.set(access.repository.domain, door);
      return enter(access, door);
    },
  };
}

function keyOf({ repository, write, mountFrom }: Access): string {
  return [repository.domain, ...scopesOf({ repository, write, ...(mountFrom && { mountFrom }) })].join(" ");
}

/** The destination comes first: some servers read one scope only. */
function scopesOf({ repository, write, mountFrom }: Access): readonly string[] {
  const scope = `repository:${repository.path}:${write ? "pull,push" : "pull"}`;
  return mountFrom === undefined ? [scope] : [scope, `repository:${mountFrom.path}:pull`];
}

function chooseChallenge(header: string, { domain }: Repository): Challenge {
  const challenges = parseChallenges(header);
  const chosen =
    challenges.find(({ scheme }) => scheme === "bearer") ?? challenges.find(({ scheme }) => scheme === "basic");
  if (chosen !== undefined) return chosen;
  const offered = challenges.map(({ scheme }) => scheme).join(", ") || "none";
  throw new Failure("auth", `${domain} wants a login of a kind that is not known here (offered: ${offered}).`, {
    code: "SchemeUnknown",
  });
}

async function logIn(world: AuthorizerWorld, credentials: Credentials, access: Access, door: Door): Promise<Grant> {
  const credential = await credentials(access.repository);
  if (credential?.registryToken !== undefined) {
    return { header: `Bearer ${credential.registryToken.reveal()}`, expires: Number.POSITIVE_INFINITY };
  }
  if (door.challenge.scheme === "bearer") return fetchToken(world, access, door, credential);
  if (credential?.password === undefined) throw notLoggedIn(access.repository);
  return { header: `Basic ${basicAuth(credential.username, credential.password)}`, expires: Number.POSITIVE_INFINITY };
}

async function fetchToken(
  world: AuthorizerWorld,
  access: Access,
  { challenge, registry }: Door,
  credential: Credential | undefined,
): Promise<Grant> {
  const realm = realmOf(challenge, registry);
  const service = challenge.parameters["service"];
  const parameters = new URLSearchParams(service === undefined ? [] : [["service", service]]);
  for (const scope of scopesOf(access)) parameters.append("scope", scope);
  const started = world.now().getTime();
  const answer =
    credential?.identityToken === undefined
      ? await askToken(world, realm, parameters, credential)
      : await tradeToken(world, realm, parameters, credential, credential.identityToken);
  const body = await text(answer.body).catch((error: unknown) => {
    throw failureOfConnection(error, realm);
  });
  if (answer.status !== 200) throw tokenRefused(world, access.repository, { ...answer, text: body }, credential);
  return readToken(world, body, realm, started);
}

async function askToken(
  world: AuthorizerWorld,
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
  world: AuthorizerWorld,
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

async function send(world: AuthorizerWorld, request: Parameters<World["http"]["request"]>[0]): Promise<HttpResponse> {
  try {
    return await world.http.request(request);
  } catch (error) {
    throw failureOfConnection(error, request.url);
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

function readToken(world: AuthorizerWorld, body: string, realm: URL, started: number): Grant {
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
  world: AuthorizerWorld,
  repository: Repository,
  refusal: Parameters<typeof failureOfRefusal>[0],
  credential: Credential | undefined,
): Failure {
  const failure = failureOfRefusal(refusal, "giving a token", repository, world.now().getTime());
  if (refusal.status === 429 || refusal.status >= 500) return failure;
  if (credential === undefined) return notLoggedIn(repository, failure.lines);
  const user = credential.username === "" ? "" : ` of ${credential.username}`;
  return new Failure(
    "auth",
    `${repository.domain} refused the credentials${user} for ${printRepository(repository)}, found in ${credential.source}.`,
    { code: "CredentialsRefused", lines: failure.lines, hint: authHint(repository) },
  );
}

function notLoggedIn(repository: Repository, lines: readonly string[] = []): Failure {
  return new Failure("auth", `${repository.domain} wants a login for ${printRepository(repository)}; none was found.`, {
    code: "NotLoggedIn",
    lines,
    hint: authHint(repository),
  });
}
