/** Images in an engine's own store: fetched from this process, named, looked up and removed. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { ImageStore } from "../backends/stores.ts";
import { runCommand } from "../commands/execute.ts";
import { writeDockerConfig } from "../commands/share-credentials.ts";
import { Failure } from "../errors.ts";
import type { Captured, Env, Listener, Machine } from "../machine/machine.ts";
import { digestOf } from "../oci/digest.ts";
import { type Platform, printPlatform } from "../oci/platform.ts";
import { printReference, type Reference } from "../oci/reference.ts";
import { isJsonObject, type JsonObject, parseJson } from "../text/json.ts";
import type { NonEmpty } from "../values.ts";
import { type ImageServer, type ServedImage, servedName, serveImages } from "./serve-images.ts";

/** The store of an engine on this machine. */
export interface LocalStore {
  readonly store: ImageStore;
  /** The environment of its program. */
  readonly env: Env;
  readonly machine: Machine;
}

/** An image to load, and its names in the store. */
export interface ImageToLoad extends ServedImage {
  readonly platform: Platform;
  readonly names: NonEmpty<Reference>;
}

/** Below this path every image has its name while it is fetched. */
const LOADING = "bento-image-load";

/**
 * Loads images into the store. The store fetches them from a registry that this process opens on the loopback interface
 * for as long as this takes, so it gets only the layers that it lacks, and checks every digest.
 * @returns how many bytes the store has fetched.
 * @throws Failure `engine`, code `LoadRefused`, if the store does not fetch an image; the error of an image's content if
 * that is the reason. The images have no name then.
 */
export async function loadImages(local: LocalStore, images: NonEmpty<ImageToLoad>): Promise<number> {
  return serving(local, images, async ({ server, name, env }) => {
    try {
      for (const { root, platform } of images) await fetch(local, name(root.digest), platform, server, env);
      for (const { root, names } of images)
        for (const target of names) await change(local, local.store.tag(name(root.digest), printReference(target)));
    } finally {
      // Also after a cancel, and of an image that may have been fetched just before it.
      for (const { root } of images) await removeName(local, name(root.digest));
    }
    return server.sent;
  });
}

/** Milliseconds within which an engine that can fetch from this process has asked for the image. */
const TRIAL_TIMEOUT = 10_000;

/** Whether the store's engine can fetch from this process. It cannot from another machine or another network namespace. */
export async function canFetch(local: LocalStore, platform: Platform): Promise<boolean> {
  return serving(local, [], async ({ server, name, env }) => {
    // No image has this digest, so the engine asks for it once and is told that it does not exist.
    const args = local.store.pull(name(digestOf(LOADING)), printPlatform(platform));
    const signal = AbortSignal.timeout(TRIAL_TIMEOUT);
    await local.machine.processes.capture({ tool: local.store.tool, args, env, signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    return server.wasReached;
  });
}

/** The labels of an image in the store; undefined if it is not there. */
export async function labelsOf(local: LocalStore, image: Reference): Promise<JsonObject | undefined> {
  const { code, stdout } = await ask(local, local.store.inspect(printReference(image)));
  if (code !== 0) return undefined;
  const printed = parseJson(stdout);
  let value: unknown = Array.isArray(printed) ? printed[0] : printed;
  for (const name of local.store.labels) value = isJsonObject(value) ? value[name] : undefined;
  return isJsonObject(value) ? value : {};
}

/** Removes the names that a run left when it was killed while it loaded an image. */
export async function removeLeftNames(local: LocalStore): Promise<void> {
  const { stdout } = await ask(local, local.store.list(`127.0.0.1:*/${LOADING}/*`, "digest"));
  const { listens } = await local.machine.system();
  for (const name of stdout.split("\n")) {
    const [, port] = /^127\.0\.0\.1:([0-9]{1,5})\/bento-image-load\/[0-9a-f]+@sha256:[0-9a-f]{64}$/.exec(name) ?? [];
    // A run that is still loading listens at its port.
    if (port === undefined || (await listens({ host: "127.0.0.1", port: Number(port) }))) continue;
    await removeName(local, name);
  }
}

/** The tags of a repository in the store. */
export async function tagsOf(local: LocalStore, repository: string): Promise<readonly string[]> {
  const { stdout } = await ask(local, local.store.list(repository, "tag"));
  return stdout
    .split("\n")
    .flatMap((line) => (line.startsWith(`${repository}:`) ? line.slice(repository.length + 1) : []));
}

interface Serving {
  readonly server: ImageServer;
  /** The name by which the store fetches the image of that digest. */
  name(digest: ServedImage["root"]["digest"]): string;
  /** The environment in which the store's program finds the login. */
  readonly env: Env;
}

/** Works with a registry that serves the images. Only clients that know a new password can use it. */
async function serving<T>(
  local: LocalStore,
  images: readonly ServedImage[],
  work: (serving: Serving) => Promise<T>,
): Promise<T> {
  const { machine } = local;
  const [id, password] = [randomBytes(8).toString("hex"), randomBytes(24).toString("hex")];
  const login = { username: "bento-image", password };
  const repository = `${LOADING}/${id}`;
  const directory = join(await machine.files.scratch(), `load-${id}`);
  const task = machine.actions.progress(`loading into ${local.store.tool}`);
  const server = await serveImages(repository, login, images, task.add);
  const listener = await machine.listen((request) => server.answer(request));
  try {
    const env = await writeLogin(local, directory, listener, login);
    return await work({ server, env, name: (digest) => servedName(listener.host, repository, digest) });
  } finally {
    task.end();
    await listener.close();
    await machine.files.remove(directory);
  }
}

async function writeLogin(
  { env, machine }: LocalStore,
  directory: string,
  { host }: Listener,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<Env> {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  const logins = JSON.stringify({ auths: { [host]: { auth } } });
  await writeDockerConfig(directory, logins, "the login of this run", { ...machine, env });
  return {
    ...env,
    DOCKER_CONFIG: directory,
    DOCKER_AUTH_CONFIG: undefined,
    REGISTRY_AUTH_FILE: join(directory, "config.json"),
  };
}

async function fetch(
  { store, machine }: LocalStore,
  image: string,
  platform: Platform,
  server: ImageServer,
  env: Env,
): Promise<void> {
  const title = `${store.tool} pull`;
  const command = { title, tool: store.tool, args: store.pull(image, printPlatform(platform)) };
  try {
    await runCommand(command, { machine, env, dockerfile: "" });
  } catch (error) {
    if (machine.signal.aborted) throw error;
    if (server.failure !== undefined) throw server.failure.error;
    throw refused(store, error instanceof Failure ? error.lines : [], error);
  }
}

/** Removes a name that the store may not have, as another run may have removed it; also when this run is cancelled. */
export async function removeName({ store, env, machine }: LocalStore, name: string): Promise<void> {
  await machine.processes.ask({ tool: store.tool, args: store.remove(name), env });
}

/** A short command that changes names in the store. */
async function change(local: LocalStore, args: readonly string[]): Promise<void> {
  const { code, stderr } = await ask(local, args);
  if (code === 0) return;
  throw refused(local.store, stderr.trim().split("\n"));
}

function refused({ tool }: ImageStore, lines: readonly string[], cause?: unknown): Failure {
  return new Failure("engine", `${tool} did not load the image: ${lines.at(-1) ?? "it gave no reason"}`, {
    code: "LoadRefused",
    lines,
    hint: "Set assembly: backend, with which the builder hands the image to the store.",
    cause,
  });
}

function ask({ store: { tool }, env, machine }: LocalStore, args: readonly string[]): Promise<Captured> {
  return machine.processes.capture({ tool, args, env });
}
