import { Failure } from "../../errors.ts";
import { printRepository, type Repository } from "../../oci/reference.ts";
import { isJsonObject, type JsonObject, parseJson } from "../../text/json.ts";

/** One entry of `auths`; empty strings count as absent. */
export interface AuthEntry {
  readonly username?: string;
  readonly password?: string;
  /** Exchanged for tokens instead of user and password. */
  readonly identityToken?: string;
  /** Sent to the registry as it is. */
  readonly registryToken?: string;
}

/** A `config.json` of docker or an `auth.json` of podman; both have one format. */
export interface AuthConfig {
  readonly auths: ReadonlyMap<string, AuthEntry>;
  /** Name of the credential program by registry. */
  readonly helpers: ReadonlyMap<string, string>;
  /** The program for all other registries. */
  readonly store: string | undefined;
}

/** What docker calls Docker Hub in its file and towards credential programs. */
export const DOCKER_HUB_KEY = "https://index.docker.io/v1/";
const DOCKER_HUB_HOSTS = new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);

/**
 * @param source names the file in messages. The message never quotes the text, which holds passwords.
 * @throws Failure `auth`, code `CredentialsUnreadable`.
 */
export function parseAuthConfig(text: string, source: string): AuthConfig {
  const json = parse(text, source);
  const store = json["credsStore"];
  return {
    auths: new Map(objectEntries(json["auths"]).map(([key, value]) => [key, parseEntry(value)])),
    helpers: new Map(
      objectEntries(json["credHelpers"]).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    ),
    store: typeof store === "string" && store !== "" ? store : undefined,
  };
}

/** Where the fields that hold logins, or say who keeps them, stand in docker's file. */
const LOGIN_FIELDS = ["auths", "credsStore", "credHelpers"];

/**
 * Docker's `config.json` with the logins of another file, and only those.
 * @param config docker's own; one that cannot be read counts as empty, as docker goes on without it too.
 * @param source names the other file in messages.
 * @throws Failure `auth`, code `CredentialsUnreadable`, when the other file is no JSON object.
 */
export function replaceLogins(config: string, logins: string, source: string): string {
  const isLogin = ([name]: readonly [string, unknown]) => LOGIN_FIELDS.includes(name);
  const others = Object.entries(parseObject(config) ?? {}).filter((entry) => !isLogin(entry));
  const taken = Object.entries(parse(logins, source)).filter(isLogin);
  return JSON.stringify(Object.fromEntries([...others, ...taken]));
}

/**
 * The value whose key names the repository most closely. Podman's keys may carry a path, docker's a scheme and `/v1/`.
 * @see https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
export function findByRepository<T>(
  entries: ReadonlyMap<string, T>,
  repository: Repository,
): { readonly key: string; readonly value: T } | undefined {
  const wanted = printRepository({ ...repository, domain: repository.domain.toLowerCase() });
  let best: { key: string; value: T; length: number } | undefined;
  for (const [key, value] of entries) {
    const prefix = normalizeKey(key);
    const matches = wanted === prefix || wanted.startsWith(`${prefix}/`);
    if (matches && prefix.length > (best?.length ?? 0)) best = { key, value, length: prefix.length };
  }
  return best;
}

function normalizeKey(key: string): string {
  const [host = "", ...path] = key.replace(/^https?:\/\//, "").split("/");
  const name = DOCKER_HUB_HOSTS.has(host.toLowerCase()) ? "docker.io" : host.toLowerCase();
  const parts = path.filter((part) => part !== "");
  return parts.length === 1 && /^v[12]$/.test(parts[0] ?? "") ? name : [name, ...parts].join("/");
}

function parse(text: string, source: string): JsonObject {
  const json = parseObject(text);
  if (json !== undefined) return json;
  throw new Failure("auth", `The credentials file ${source} is no JSON object.`, {
    code: "CredentialsUnreadable",
    hint: "Log in again with docker/login-action, or give a right file in registry-auth-file.",
  });
}

function parseObject(text: string): JsonObject | undefined {
  const json = parseJson(text);
  return isJsonObject(json) ? json : undefined;
}

function parseEntry(value: unknown): AuthEntry {
  if (!isJsonObject(value)) return {};
  const decoded = decodeAuth(stringOf(value["auth"]));
  const username = stringOf(decoded?.username) ?? stringOf(value["username"]);
  const password = stringOf(decoded?.password) ?? stringOf(value["password"]);
  const identityToken = stringOf(value["identitytoken"]);
  const registryToken = stringOf(value["registrytoken"]);
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(identityToken === undefined ? {} : { identityToken }),
    ...(registryToken === undefined ? {} : { registryToken }),
  };
}

/** `auth` is the Base64 form of `user:password`; the first colon parts them, and docker pads with NUL bytes. */
function decodeAuth(auth: string | undefined): { username: string; password: string } | undefined {
  if (auth === undefined) return undefined;
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return undefined;
  return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/(?<!\0)\0+$/, "") };
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function objectEntries(value: unknown): [string, unknown][] {
  return isJsonObject(value) ? Object.entries(value) : [];
}
