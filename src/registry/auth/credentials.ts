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
  /** At least one of the three is there. */
  readonly password?: Secret;
  readonly identityToken?: Secret;
  readonly registryToken?: Secret;
  /** Where it was found: a file's path or a program's name. */
  readonly source: string;
}

/**
 * Gives the credential for a repository, `undefined` when nobody logged in to its registry. The answer is kept until the
 * registry refuses it: with the credential that was `refused`, all places are looked at again, as programs give passwords
 * that end, and a build may take longer than that. What is found then may be the same (see {@link sameCredential}).
 */
export type Credentials = (repository: Repository, refused?: Credential) => Promise<Credential | undefined>;

type CredentialsMachine = Pick<Machine, "env" | "files" | "processes" | "actions">;

/**
 * Looks where the engines look, the first place with a credential for the repository wins: DOCKER_AUTH_CONFIG, docker's
 * `config.json`, then podman's files. In each file a program for the registry comes before the program for all
 * registries, and that before `auths`. Whatever is found is masked in the log.
 * @param authFile absolute path; when given it is the only place.
 * @throws Failure `auth`, code `CredentialsUnreadable` or `CredentialProgramFailed`; `input`, code `AuthFileMissing`.
 */
export function openCredentials(machine: CredentialsMachine, authFile?: string): Credentials {
  let configs: Promise<readonly SourcedConfig[]> | undefined;
  const found = new Map<string, Promise<Credential | undefined>>();
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

  async function look(repository: Repository): Promise<Credential | undefined> {
    const credential = await find(machine, await read(), repository);
    mask(credential);
    return credential;
  }

  /** Simultaneous questions become one; one that failed is not an answer. */
  function ask(repository: Repository): Promise<Credential | undefined> {
    const key = printRepository(repository);
    const asked = look(repository);
    found.set(key, asked);
    asked.catch(() => found.get(key) === asked && found.delete(key));
    return asked;
  }

  return async (repository, refused) => {
    const known = found.get(printRepository(repository));
    if (known === undefined) return ask(repository);
    if (refused === undefined || (await known) !== refused) return known;
    const latest = found.get(printRepository(repository));
    if (latest !== undefined && latest !== known) return latest;
    configs = undefined;
    return ask(repository);
  };
}

/** Whether the registry would get the very same again. */
export function sameCredential(one: Credential | undefined, other: Credential | undefined): boolean {
  return one?.username === other?.username && secretsOf(one).join("\n") === secretsOf(other).join("\n");
}

interface SourcedConfig {
  readonly source: string;
  readonly config: AuthConfig;
}

async function readGiven({ files }: CredentialsMachine, path: string): Promise<readonly SourcedConfig[]> {
  if ((await files.info(path)) === undefined) {
    throw new Failure("input", `registry-auth-file names ${path}, which does not exist.`, { code: "AuthFileMissing" });
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
    // Without a runtime directory podman takes the user's number; root's is the one that jobs in containers have.
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
    const credential = (await fromPrograms(machine, config, repository)) ?? fromEntry(config, repository, source);
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

/** docker leaves empty entries behind when a program keeps the passwords. */
function isUsable(entry: AuthEntry): boolean {
  return (entry.password ?? entry.identityToken ?? entry.registryToken) !== undefined;
}

async function fromPrograms(
  machine: CredentialsMachine,
  config: AuthConfig,
  repository: Repository,
): Promise<Credential | undefined> {
  const helper = findByRepository(config.helpers, repository);
  if (helper !== undefined) return askProgram(machine, helper.value, helper.key);
  const server = repository.domain === "docker.io" ? DOCKER_HUB_KEY : repository.domain;
  return config.store === undefined ? undefined : askProgram(machine, config.store, server);
}

/** @see https://github.com/docker/docker-credential-helpers#development */
async function askProgram(machine: CredentialsMachine, name: string, server: string): Promise<Credential | undefined> {
  const tool = `docker-credential-${name}`;
  const { code, stdout, stderr } = await machine.processes
    .ask({ tool, args: ["get"], stdin: server })
    .catch((cause: unknown) => {
      throw programFailed(tool, server, "cannot be started; is it installed?", [], cause);
    });
  if (code !== 0) {
    // The protocol has this one sentence for "nobody logged in", on standard output.
    if (/credentials not found/i.test(stdout + stderr)) return undefined;
    throw programFailed(tool, server, `ended with exit code ${code}`, `${stdout}\n${stderr}`.split("\n"));
  }
  return parseAnswer(stdout, tool, server);
}

function parseAnswer(stdout: string, tool: string, server: string): Credential | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(stdout);
  } catch {
    // Its message would quote the secret.
  }
  if (!isJsonObject(answer) || typeof answer["Secret"] !== "string") {
    throw programFailed(tool, server, "gave an answer that is no credential");
  }
  if (answer["Secret"] === "") return undefined;
  const username = typeof answer["Username"] === "string" ? answer["Username"] : "";
  const secret = new Secret(answer["Secret"]);
  return { username, source: tool, ...(username === "<token>" ? { identityToken: secret } : { password: secret }) };
}

function programFailed(tool: string, server: string, what: string, lines: string[] = [], cause?: unknown): Failure {
  return new Failure("auth", `The credential program ${tool}, asked about ${server}, ${what}.`, {
    code: "CredentialProgramFailed",
    lines: lines.map((line) => line.trim()).filter((line) => line !== ""),
    hint: "Install or repair the program, or remove it from credHelpers or credsStore of the credentials file.",
    cause,
  });
}

/** Every form in which the secrets are sent, and so could be shown. */
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
