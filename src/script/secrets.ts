import { isAbsolute, join } from "node:path";
import type { SecretMount } from "../backends/backend.ts";
import type { Bento } from "../bento/bento.ts";
import { Failure } from "../errors.ts";
import { Secret } from "../image/secret.ts";
import type { DeclaredSecret } from "../image/source.ts";
import type { Inputs } from "../inputs/schema.ts";
import type { World } from "../world/world.ts";
import type { FileWrite } from "./script.ts";

export interface Secrets {
  readonly mounts: readonly SecretMount[];
  readonly files: readonly FileWrite[];
}

/** Variables of the step that are secrets of the build; no tool gets them in its own environment. */
export function secretVariables(inputs: Pick<Inputs, "secretEnvs">, bento: Pick<Bento, "envs">): readonly string[] {
  const named = inputs.secretEnvs.map((item) => item.split("=").at(-1) ?? item);
  return [...named, ...bento.envs.filter(({ stage }) => stage === "build").map(({ name }) => name)];
}

/** BuildKit's limit for one secret. Source: moby/buildkit, session/secrets/secrets.go. */
const MOST_BYTES = 500 * 1024;

/**
 * Gathers the secrets of the inputs and those the Bento's build-stage envs ask for; an input wins over a variable, a
 * variable over the value that the Bento declares. Every value is masked in the log.
 *
 * @throws Failure `input` (code SecretMissing) naming all that have no value, or that are too large.
 */
export async function gatherSecrets(
  inputs: Pick<Inputs, "secrets" | "secretEnvs" | "secretFiles" | "ssh">,
  declared: readonly DeclaredSecret[],
  directory: string,
  world: Pick<World, "env" | "files" | "actions" | "workspace">,
): Promise<Secrets> {
  const problems: string[] = agentProblems(inputs.ssh, world.env);
  const values = new Map<string, Secret>(Object.entries(inputs.secrets));
  for (const item of inputs.secretEnvs) {
    const [id = item, variable = id] = item.split("=");
    const value = world.env[variable];
    if (value === undefined) problems.push(`secret-envs: the variable ${variable} is not set`);
    else values.set(id, new Secret(value));
  }
  for (const [id, path] of Object.entries(inputs.secretFiles)) {
    const absolute = isAbsolute(path) ? path : join(world.workspace, path);
    if ((await world.files.info(absolute)) === undefined) problems.push(`secret-files: there is no file ${path}`);
    else values.set(id, new Secret(await world.files.readText(absolute)));
  }
  for (const { name, declared: fallback } of declared) {
    if (values.has(name)) continue;
    const value = world.env[name] ?? fallback;
    if (world.env[name] === undefined && fallback === "") problems.push(`the Bento needs ${name} while it is built`);
    else values.set(name, new Secret(value));
  }
  problems.push(...tooLarge(values));
  if (problems.length > 0) throw missing(problems);
  for (const secret of values.values()) maskSecret(secret, world);
  const all = [...values].map(([id, content]) => ({ id, content, path: join(directory, id) }));
  return {
    mounts: all.map(({ id, path }) => ({ id, path })),
    files: all.map(({ path, content }) => ({ path, content, mode: 0o600 })),
  };
}

/** The mounts alone, without a value: what `dry-run` prints. */
export async function declaredMounts(
  inputs: Pick<Inputs, "secrets" | "secretEnvs" | "secretFiles">,
  declared: readonly DeclaredSecret[],
  directory: string,
): Promise<Secrets> {
  return { mounts: secretIdsOf(inputs, declared).map((id) => ({ id, path: join(directory, id) })), files: [] };
}

/** What the secrets of the build are called, each once. */
export function secretIdsOf(
  inputs: Pick<Inputs, "secrets" | "secretEnvs" | "secretFiles">,
  declared: readonly DeclaredSecret[],
): readonly string[] {
  const ids = [
    ...Object.keys(inputs.secrets),
    ...inputs.secretEnvs.map((item) => item.split("=")[0] ?? item),
    ...Object.keys(inputs.secretFiles),
    ...declared.map(({ name }) => name),
  ];
  return [...new Set(ids)];
}

/** An id without a path means the agent of the step; the tools say so in six ways, some after the build has begun. */
function agentProblems(ssh: readonly string[], env: World["env"]): string[] {
  const wanted = ssh.filter((line) => !line.includes("="));
  return wanted.length === 0 || env["SSH_AUTH_SOCK"]
    ? []
    : [`ssh: ${wanted.join(", ")} needs an agent, and SSH_AUTH_SOCK is not set`];
}

function tooLarge(values: ReadonlyMap<string, Secret>): readonly string[] {
  return [...values]
    .filter(([, secret]) => Buffer.byteLength(secret.reveal()) > MOST_BYTES)
    .map(([id]) => `the secret ${id} is larger than ${MOST_BYTES / 1024} KiB`);
}

function missing(problems: readonly string[]): Failure {
  const onlyAgent = problems.every((problem) => problem.startsWith("ssh:"));
  return new Failure("input", problems.join(" · "), {
    code: "SecretMissing",
    lines: problems,
    hint: onlyAgent
      ? "Start an agent in a step before this one, or name a key: `ssh: default=/path/to/key`."
      : "Give it in the step, for example `env: { HF_TOKEN: ${{ secrets.HF_TOKEN }} }`, or by the input secrets; pull requests from forks have no secrets.",
  });
}

/** Hides every line of a secret in the log: the runner masks line by line, and refuses to mask nothing. */
export function maskSecret(secret: Secret, { actions }: Pick<World, "actions">): void {
  for (const line of secret.reveal().split(/\r?\n/)) if (line.trim() !== "") actions.mask(line);
}
