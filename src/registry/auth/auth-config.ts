import { Failure } from "../../errors.ts";
import { printRepository, type Repository } from "../../oci/reference.ts";
import { isJsonObject, type JsonObject, parseJson } from "../../text/json.ts";

/** One entry of `auths`; empty strings count as absent. */
export interface AuthEntry {
  readonly username?: string;
  readonly password?: string;
  /** Exchanged for tokens instead of user and password. */
  readonly identityToken?: string;
  /** Sent to the registry unchanged. */
  readonly registryToken?: string;
}

/** docker's `config.json` or podman's `auth.json`, which have the same format. */
export interface AuthConfig {
  readonly auths: ReadonlyMap<string, AuthEntry>;
  /** Registry → name of its credential helper. */
  readonly helpers: ReadonlyMap<string, string>;
  /** The credential helper for all other registries. */
  readonly store: string | undefined;
}

/** Docker's key for Docker Hub, in its file and for credential helpers. */
export const DOCKER_HUB_KEY = "https://index.docker.io/v1/";
const DOCKER_HUB_HOSTS = new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);

/**
 * @param source name of the file in messages. Messages never quote the text, because it contains passwords.
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

/** The fields of docker's file that contain logins or name credential helpers. */
const LOGIN_FIELDS = ["auths", "credsStore", "credHelpers"];

/**
 * Docker's `config.json` with its logins replaced by those of another file.
 * @param config docker's file; if it cannot be parsed it counts as empty, as docker also ignores it.
 * @param source name of the other file in messages.
 * @throws Failure `auth`, code `CredentialsUnreadable`, when the other file is not a JSON object.
 */
export function replaceLogins(config: string, logins: string, source: string): string {
  const isLogin = ([name]: readonly [string, unknown]) => LOGIN_FIELDS.includes(name);
  const others = Object.entries(parseObject(config) ?? {}).filter((entry) => !isLogin(entry));
  const replacements = Object.entries(parse(logins, source)).filter(isLogin);
  return JSON.stringify(Object.fromEntries([...others, ...replacements]));
}

/**
 * The value whose key matches the repository most closely. Podman's keys may have a path, docker's a scheme and `/v1/`.
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
  throw new Failure("auth", `The credentials file ${source} is not a JSON object.`, {
    code: "CredentialsUnreadable",
    hint: "Log in again with docker/login-action, or set registry-auth-file to a valid file.",
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

/** `auth` is the Base64 form of `user:password`; the first colon separates them, and docker pads with NUL bytes. */
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
