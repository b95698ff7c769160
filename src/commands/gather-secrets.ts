import { join } from "node:path";
import type { SecretMount } from "../backends/backend.ts";
import type { Bento } from "../bento/bento.ts";
import { Failure } from "../errors.ts";
import { lookUpInputFile } from "../inputs/input-file.ts";
import type { Inputs } from "../inputs/schema.ts";
import { SHORTEST_MASK } from "../machine/hide.ts";
import type { Machine } from "../machine/machine.ts";
import type { DeclaredSecret } from "../recipe/source.ts";
import { masksOf } from "../secrets/masks.ts";
import { isReadByTools, isReserved } from "../secrets/reserved-variables.ts";
import { Secret } from "../secrets/secret.ts";
import { ownValue } from "../values.ts";
import type { FileWrite } from "./script.ts";

export interface Secrets {
  readonly mounts: readonly SecretMount[];
  readonly files: readonly FileWrite[];
}

/**
 * Variables of the step that hold secrets of the build. They are removed from the environment of every tool: those that
 * the workflow names, except the ones that tools need themselves ({@link isReadByTools}), and those that the Bento requests.
 */
export function secretVariables(inputs: Pick<Inputs, "secretEnvs">, bento: Pick<Bento, "envs">): readonly string[] {
  const named = inputs.secretEnvs.map(({ variable }) => variable).filter((name) => !isReadByTools(name));
  const asked = bento.envs.filter(({ stage, name }) => stage === "build" && !isReserved(name)).map(({ name }) => name);
  return [...new Set([...named, ...asked])];
}

/**
 * A build argument is in the image's history and on a command line, so it must not have the value of a variable that is a
 * secret of the build, such as by its name alone (`build-args: HF_TOKEN`). A value that the Bento declares is public.
 * @throws Failure `input` that names these build arguments.
 */
export function refuseSecretArguments(
  inputs: Pick<Inputs, "secretEnvs" | "buildArgs">,
  bento: Pick<Bento, "envs">,
  env: Machine["env"],
): void {
  const published = new Map(bento.envs.map(({ name, value }) => [name, value]));
  const named = secretVariables(inputs, bento).filter((name) => {
    const value = ownValue(inputs.buildArgs, name);
    return value !== undefined && value !== "" && value === env[name] && value !== published.get(name);
  });
  if (named.length === 0) return;
  const lines = named.map((name) => `build-args: the variable ${name} is a secret of the build`);
  throw new Failure("input", lines.join(" · "), {
    lines,
    mistakes: lines,
    hint: "Leave it out of build-args: a build argument is public, and steps of the build get the secret anyway.",
  });
}

/** BuildKit's limit for one secret. Source: moby/buildkit, session/secrets/secrets.go. */
const MOST_BYTES = 500 * 1024;

type SecretInputs = Pick<Inputs, "secrets" | "secretEnvs" | "secretFiles">;
type SecretsMachine = Pick<Machine, "env" | "files" | "actions" | "workspace">;

/**
 * Gathers the secrets of the inputs and those that the Bento's build-stage envs request. An input wins over a variable, a
 * variable over the value that the Bento declares. Every value is masked in the log, except values declared in the Bento.
 *
 * @throws Failure `input` (code SecretMissing) naming all that have no value, or that are too large.
 */
export async function gatherSecrets(
  inputs: SecretInputs & Pick<Inputs, "ssh">,
  declared: readonly DeclaredSecret[],
  directory: string,
  machine: SecretsMachine,
): Promise<Secrets> {
  const problems: string[] = agentProblems(inputs.ssh, machine.env);
  const found = await readValues(inputs, declared, machine, problems);
  const { values } = found;
  problems.push(...tooLarge(values));
  if (problems.length > 0) throw missing(problems);
  maskAll(found, machine);
  const all = [...values].map(([id, content]) => ({ id, content, path: join(directory, id) }));
  return {
    mounts: all.map(({ id, path }) => ({ id, path })),
    files: all.map(({ path, content }) => ({ path, content, mode: 0o600 })),
  };
}

/** Masks those secrets of a dry run that have a value. It needs none, and gathers none. */
export async function maskSecrets(
  inputs: SecretInputs,
  { envs }: Pick<Bento, "envs">,
  machine: SecretsMachine,
): Promise<void> {
  const build = envs.filter(({ stage }) => stage === "build");
  const declared = build.map(({ name, value }) => ({ name, declared: value }));
  maskAll(await readValues(inputs, declared, machine, []), machine);
}

function maskAll({ values, published }: FoundValues, { actions }: SecretsMachine): void {
  for (const [id, secret] of values) if (!published.has(id)) maskSecret(id, secret, actions);
}

/** Secrets by id, of the inputs and the Bento; mistakes are added to `problems`. */
async function readValues(
  inputs: SecretInputs,
  declared: readonly DeclaredSecret[],
  machine: SecretsMachine,
  problems: string[],
): Promise<FoundValues> {
  const given = await readInputs(inputs, machine, problems);
  const others = declared.filter(({ name }) => !given.has(name));
  const { values, published } = readDeclared(others, machine.env, problems);
  return { values: new Map([...given, ...values]), published };
}

async function readInputs(
  inputs: SecretInputs,
  machine: SecretsMachine,
  problems: string[],
): Promise<ReadonlyMap<string, Secret>> {
  const values = new Map<string, Secret>(Object.entries(inputs.secrets));
  for (const { id, variable } of inputs.secretEnvs) {
    const value = machine.env[variable];
    if (value === undefined) problems.push(`secret-envs: the variable ${variable} is not set`);
    else values.set(id, new Secret(value));
  }
  for (const [id, path] of Object.entries(inputs.secretFiles)) {
    const found = await lookUpInputFile(path, machine);
    if ("fault" in found) problems.push(`secret-files: ${found.fault}`);
    else values.set(id, new Secret(await machine.files.readHead(found.path, MOST_BYTES + 1)));
  }
  return values;
}

interface FoundValues {
  readonly values: ReadonlyMap<string, Secret>;
  /** Names whose value is the one declared in the Bento, which anybody can read. */
  readonly published: ReadonlySet<string>;
}

function readDeclared(declared: readonly DeclaredSecret[], env: Machine["env"], problems: string[]): FoundValues {
  const values = new Map<string, Secret>();
  const published = new Set<string>();
  for (const { name, declared: fallback } of declared) {
    const own = isReserved(name, env[name]) ? undefined : env[name];
    const value = own ?? fallback;
    if (value === fallback) published.add(name);
    if (own === undefined && fallback === "")
      problems.push(`the Bento needs ${name} while it is built${whyNot(name, env)}`);
    else values.set(name, new Secret(value));
  }
  return { values, published };
}

function whyNot(name: string, env: Machine["env"]): string {
  return env[name] === undefined || !isReserved(name, env[name])
    ? ""
    : `; a Bento gets this variable of the step only when it is allowed: give secret-envs: ${name}`;
}

/** The mounts without values, as `dry-run` prints them. */
export async function declaredMounts(
  inputs: Pick<Inputs, "secrets" | "secretEnvs" | "secretFiles">,
  declared: readonly DeclaredSecret[],
  directory: string,
): Promise<Secrets> {
  return { mounts: secretIdsOf(inputs, declared).map((id) => ({ id, path: join(directory, id) })), files: [] };
}

/** The ids of the secrets of the build, without duplicates. */
export function secretIdsOf(
  inputs: Pick<Inputs, "secrets" | "secretEnvs" | "secretFiles">,
  declared: readonly DeclaredSecret[],
): readonly string[] {
  const ids = [
    ...Object.keys(inputs.secrets),
    ...inputs.secretEnvs.map(({ id }) => id),
    ...Object.keys(inputs.secretFiles),
    ...declared.map(({ name }) => name),
  ];
  return [...new Set(ids)];
}

/** An id without a path needs the step's SSH agent. Checked here, because some tools fail only after the build has begun. */
function agentProblems(ssh: readonly string[], env: Machine["env"]): string[] {
  const wanted = ssh.filter((line) => !line.includes("="));
  return wanted.length === 0 || env["SSH_AUTH_SOCK"]
    ? []
    : [`ssh: ${wanted.join(", ")} needs an agent, and SSH_AUTH_SOCK is not set`];
}

function tooLarge(values: ReadonlyMap<string, Secret>): readonly string[] {
  return [...values]
    .filter(([, secret]) => secret.revealBytes().length > MOST_BYTES)
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

/** Masks a secret in the log; logs a note when it is too short to be masked. */
export function maskSecret(id: string, secret: Secret, actions: Pick<Machine["actions"], "mask" | "info">): void {
  const masks = masksOf(secret);
  for (const mask of masks) actions.mask(mask);
  if (masks.length > 0 || secret.reveal().trim() === "") return;
  actions.info(
    `The secret ${id} is not masked, because it is shorter than ${SHORTEST_MASK} characters: the mask would hide unrelated text in the log, and GitHub would drop outputs that contain it.`,
  );
}
