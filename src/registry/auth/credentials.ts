import { join } from "node:path/posix";
import { Failure } from "../../errors.ts";
import type { Machine } from "../../machine/machine.ts";
import { printRepository, type Repository } from "../../oci/reference.ts";
import { masksOf } from "../../secrets/masks.ts";
import { Secret } from "../../secrets/secret.ts";
import { isJsonObject } from "../../text/json.ts";
import { type AuthConfig, type AuthEntry, DOCKER_HUB_KEY, findByRepository, parseAuthConfig } from "./auth-config.ts";

export interface Credential {
  readonly username: string;
  /** At least one of password, identityToken and registryToken is present. */
  readonly password?: Secret;
  readonly identityToken?: Secret;
  readonly registryToken?: Secret;
  /** Where it was found: the path of a file or the name of a credential helper. */
  readonly source: string;
}

/**
 * Gives the credential for a repository, `undefined` without a login to its registry. The answer is cached until the registry
 * refuses it: a call with the `refused` credential searches all sources again, because a helper's password may expire during
 * a build. The new credential may be the same (see {@link sameCredential}).
 */
export type Credentials = (repository: Repository, refused?: Credential) => Promise<Credential | undefined>;

type CredentialsMachine = Pick<Machine, "env" | "files" | "processes" | "actions">;

/**
 * Searches the same sources as the engines, in this order: DOCKER_AUTH_CONFIG, docker's `config.json`, podman's files. The
 * first credential for the repository is used. In each file, the registry's credential helper comes first, then the helper
 * for all registries, then `auths`. Every credential that is found is masked in the log.
 * @param authFile absolute path; if given, it is the only source.
 * @throws Failure `auth`, code `CredentialsUnreadable` or `CredentialProgramFailed`; `input`, code `AuthFileMissing`.
 */
export function openCredentials(machine: CredentialsMachine, authFile?: string): Credentials {
  let configs: Promise<readonly SourcedConfig[]> | undefined;
  const cache = new Map<string, Promise<Credential | undefined>>();
  const masked = new Set<string>();

  function mask(credential: Credential | undefined): void {
    for (const text of credential === undefined ? [] : masksOfCredential(credential)) {
      if (!masked.has(text)) machine.actions.mask(text);
      masked.add(text);
    }
  }

  async function read(): Promise<readonly SourcedConfig[]> {
    const reading = configs ?? (authFile === undefined ? readAmbient(machine) : readGiven(machine, authFile));
    configs = reading;
    return reading.catch((error: unknown) => {
      configs = undefined;
      throw error;
    });
  }

  async function findAndMask(repository: Repository): Promise<Credential | undefined> {
    const credential = await find(machine, await read(), repository);
    mask(credential);
    return credential;
  }

  /** Combines simultaneous searches; a failed one is not cached. */
  function ask(repository: Repository): Promise<Credential | undefined> {
    const key = printRepository(repository);
    const search = findAndMask(repository);
    cache.set(key, search);
    search.catch(() => cache.get(key) === search && cache.delete(key));
    return search;
  }

  return async (repository, refused) => {
    const cached = cache.get(printRepository(repository));
    if (cached === undefined) return ask(repository);
    if (refused === undefined || (await cached) !== refused) return cached;
    const latest = cache.get(printRepository(repository));
    if (latest !== undefined && latest !== cached) return latest;
    configs = undefined;
    return ask(repository);
  };
}

/** Whether both would send the same secrets to the registry. */
export function sameCredential(one: Credential | undefined, other: Credential | undefined): boolean {
  return one?.username === other?.username && secretsOf(one).join("\n") === secretsOf(other).join("\n");
}

interface SourcedConfig {
  readonly source: string;
  readonly config: AuthConfig;
}

async function readGiven({ files }: CredentialsMachine, path: string): Promise<readonly SourcedConfig[]> {
  if ((await files.info(path)) === undefined) {
    throw new Failure("input", `registry-auth-file: ${path} does not exist.`, { code: "AuthFileMissing" });
  }
  return [{ source: path, config: parseAuthConfig(await files.readText(path), path) }];
}

async function readAmbient({ env, files }: CredentialsMachine): Promise<readonly SourcedConfig[]> {
  const configs: SourcedConfig[] = [];
  const inline = env["DOCKER_AUTH_CONFIG"];
  if (inline) configs.push({ source: "DOCKER_AUTH_CONFIG", config: parseAuthConfig(inline, "DOCKER_AUTH_CONFIG") });
  for (const path of ambientPaths(env)) {
    const text = await files.readText(path).catch(() => undefined);
    if (text !== undefined && text.trim() !== "") configs.push({ source: path, config: parseAuthConfig(text, path) });
  }
  return configs;
}

/**
 * @see https://docs.docker.com/reference/cli/docker/#environment-variables
 * @see https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
function ambientPaths(env: Machine["env"]): readonly string[] {
  const home = env["HOME"];
  const docker = env["DOCKER_CONFIG"] || (home && join(home, ".docker"));
  const runtime = env["XDG_RUNTIME_DIR"];
  const paths = [
    docker && join(docker, "config.json"),
    env["REGISTRY_AUTH_FILE"],
    // Without a runtime directory podman uses the user id; jobs in containers run as root.
    runtime ? join(runtime, "containers/auth.json") : "/run/containers/0/auth.json",
    home && join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "containers/auth.json"),
  ];
  return paths.filter((path): path is string => path !== undefined && path !== "");
}

async function find(
  machine: CredentialsMachine,
  configs: readonly SourcedConfig[],
  repository: Repository,
): Promise<Credential | undefined> {
  for (const { source, config } of configs) {
    const credential = (await fromHelpers(machine, config, repository)) ?? fromEntry(config, repository, source);
    if (credential !== undefined) return credential;
  }
  return undefined;
}

function fromEntry(config: AuthConfig, repository: Repository, source: string): Credential | undefined {
  const usable = new Map([...config.auths].filter(([, entry]) => isUsable(entry)));
  const entry = findByRepository(usable, repository)?.value;
  if (entry === undefined) return undefined;
  return {
    username: entry.username ?? "",
    ...(entry.password === undefined ? {} : { password: new Secret(entry.password) }),
    ...(entry.identityToken === undefined ? {} : { identityToken: new Secret(entry.identityToken) }),
    ...(entry.registryToken === undefined ? {} : { registryToken: new Secret(entry.registryToken) }),
    source,
  };
}

/** docker leaves empty entries when a credential helper stores the passwords. */
function isUsable(entry: AuthEntry): boolean {
  return (entry.password ?? entry.identityToken ?? entry.registryToken) !== undefined;
}

async function fromHelpers(
  machine: CredentialsMachine,
  config: AuthConfig,
  repository: Repository,
): Promise<Credential | undefined> {
  const helper = findByRepository(config.helpers, repository);
  if (helper !== undefined) return callHelper(machine, helper.value, helper.key);
  const server = repository.domain === "docker.io" ? DOCKER_HUB_KEY : repository.domain;
  return config.store === undefined ? undefined : callHelper(machine, config.store, server);
}

/** @see https://github.com/docker/docker-credential-helpers#development */
async function callHelper(machine: CredentialsMachine, name: string, server: string): Promise<Credential | undefined> {
  const tool = `docker-credential-${name}`;
  const { code, stdout, stderr } = await machine.processes
    .ask({ tool, args: ["get"], stdin: server })
    .catch((cause: unknown) => {
      throw helperFailed(tool, server, "cannot be started; is it installed?", [], cause);
    });
  if (code !== 0) {
    // This text on standard output means "no login" in the protocol.
    if (/credentials not found/i.test(stdout + stderr)) return undefined;
    throw helperFailed(tool, server, `ended with exit code ${code}`, `${stdout}\n${stderr}`.split("\n"));
  }
  return parseAnswer(stdout, tool, server);
}

function parseAnswer(stdout: string, tool: string, server: string): Credential | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(stdout);
  } catch {
    // The message of this error would quote the secret.
  }
  if (!isJsonObject(answer) || typeof answer["Secret"] !== "string") {
    throw helperFailed(tool, server, "gave an answer that is not a credential");
  }
  if (answer["Secret"] === "") return undefined;
  const username = typeof answer["Username"] === "string" ? answer["Username"] : "";
  const secret = new Secret(answer["Secret"]);
  return { username, source: tool, ...(username === "<token>" ? { identityToken: secret } : { password: secret }) };
}

function helperFailed(tool: string, server: string, what: string, lines: string[] = [], cause?: unknown): Failure {
  return new Failure("auth", `The credential helper ${tool} for ${server} ${what}.`, {
    code: "CredentialProgramFailed",
    lines: lines.map((line) => line.trim()).filter((line) => line !== ""),
    hint: "Install or repair the helper, or remove it from credHelpers or credsStore of the credentials file.",
    cause,
  });
}

/** The texts to mask: the secrets in every form in which they are sent. */
function masksOfCredential(credential: Credential): readonly string[] {
  const { username, password } = credential;
  const basic = password && new Secret(basicAuth(username, password));
  const secrets = [password, credential.identityToken, credential.registryToken, basic];
  return secrets.flatMap((secret) => (secret === undefined ? [] : masksOf(secret)));
}

function secretsOf(credential: Credential | undefined): readonly (string | undefined)[] {
  const secrets = [credential?.password, credential?.identityToken, credential?.registryToken];
  return secrets.map((secret) => secret?.reveal());
}

/** The Base64 form that HTTP's Basic scheme sends. */
export function basicAuth(username: string, password: Secret): string {
  return Buffer.from(`${username}:${password.reveal()}`).toString("base64");
}
