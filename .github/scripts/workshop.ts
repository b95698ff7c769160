/** What the demo works with: an engine, a registry on this machine, and BentoML. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { openLab } from "../../test/lab/backends.ts";
import { hostEnvironment } from "../../test/lab/command.ts";
import { registriesFile } from "../../test/lab/config/containers.ts";
import { registryConfig } from "../../test/lab/config/registry.ts";
import { alive } from "../../test/lab/daemon.ts";
import { down } from "../../test/lab/down.ts";
import { recall } from "../../test/lab/memory.ts";
import { surveyMachine, whyNoLab } from "../../test/lab/needs.ts";
import { demoPackages } from "../../test/lab/pins.ts";
import { type Places, places } from "../../test/lab/places.ts";
import { freePort } from "../../test/lab/port.ts";
import { installBentoml } from "../../test/lab/provision/bentoml.ts";
import { demoBaseImage } from "../../test/lab/provision/images.ts";
import { installPackages } from "../../test/lab/provision/packages.ts";
import { answers, until } from "../../test/lab/ready.ts";

type Tool = "docker" | "podman" | "nerdctl";

export interface Workshop extends AsyncDisposable {
  readonly tool: Tool;
  /** Whose engine it is, for people. */
  readonly origin: string;
  /** The environment in which the tool finds its engine. */
  readonly env: Readonly<Record<string, string>>;
  /** `host:port`, plain HTTP on loopback. */
  readonly registry: string;
  /** What the action has to be told of this machine. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Path of the program, beside its Python. */
  readonly bentoml: string;
}

/** A question that only an engine that works answers; podman under the name of docker fails it. */
const QUESTIONS: Readonly<Record<Tool, readonly string[]>> = {
  docker: ["version", "--format", "{{.Server.Version}} {{.Client.Version}}"],
  podman: ["info", "--format", "{{.Host.OS}}"],
  nerdctl: ["info", "--format", "{{.ServerVersion}}"],
};

const TOOLS: readonly Tool[] = ["docker", "podman", "nerdctl"];

/** @param lab whether the lab's engine is wanted, even where the machine has one of its own. */
export async function openWorkshop({ lab, scratch }: { lab: boolean; scratch: string }): Promise<Workshop> {
  if (lab) return labWorkshop();
  const tool = await findTool();
  if (tool === undefined) return packagedWorkshop("no docker, podman or nerdctl works on this machine", scratch);
  if (!(await works(tool, ["pull", BASE]))) return packagedWorkshop(`${tool} cannot fetch ${BASE} here`, scratch);
  return ownWorkshop(tool, scratch);
}

/** The base image of the example, for the Python of the demo's BentoML. */
const BASE = "docker.io/library/python:3.11-slim";

function works(tool: Tool, args: readonly string[]): Promise<boolean> {
  return promisify(execFile)(tool, args).then(
    () => true,
    () => false,
  );
}

async function findTool(): Promise<Tool | undefined> {
  for (const tool of TOOLS) if (await works(tool, QUESTIONS[tool])) return tool;
  return undefined;
}

async function ownWorkshop(tool: Tool, scratch: string): Promise<Workshop> {
  const at = preparedPlaces();
  await installPackages(at, join(at.log, "provision-packages.log"));
  const bentoml = await bentomlProgram(at);
  const registry = await startRegistry(scratch);
  return { tool, origin: "this machine's own", env: hostEnvironment(), bentoml, inputs: {}, ...registry };
}

/** Debian's own podman, and a base image made of Debian's packages: the least that the demo needs. */
async function packagedWorkshop(reason: string, scratch: string): Promise<Workshop> {
  const obstacle = whyNoLab(surveyMachine(), ["apt-get", "flock"]);
  if (obstacle !== undefined)
    throw new Error(`${reason}, and podman with a base image cannot be installed: ${obstacle}`);
  const at = preparedPlaces();
  say(
    "none works on this machine: Debian's podman is installed, with a base image and BentoML (the first time, 3 minutes)",
  );
  await step("packages", "45 s", installPackages(at, join(at.log, "provision-packages.log"), demoPackages));
  const [base, bentoml] = await Promise.all([
    step("base image", "90 s", demoBaseImage(at, join(at.log, "provision-demo-base.log"))),
    step("BentoML", "90 s", bentomlProgram(at)),
  ]);
  const storage = join(at.cache, "demo-registry");
  await promisify(execFile)("cp", ["--recursive", "--update", "--no-target-directory", join(base, "storage"), storage]);
  say(`registry: its content stays in ${storage}, so the next demo finds the environment there`);
  const { registry, ...closing } = await startRegistry(scratch, storage);
  const env = { ...hostEnvironment(), ...writePodmanConfig(scratch, registry) };
  return {
    ...{ tool: "podman", origin: "Debian's package", env, bentoml, registry },
    inputs: { "registry-mirrors": `docker.io=${registry}` },
    async [Symbol.asyncDispose]() {
      await promisify(execFile)("podman", ["system", "reset", "--force"], { env });
      await closing[Symbol.asyncDispose]();
    },
  };
}

function say(text: string): void {
  console.log(`engine    ${text}`);
}

/** Says that a step begins and how long it takes on two cores, and how long it took. */
async function step<T>(name: string, usual: string, work: Promise<T>): Promise<T> {
  const started = performance.now();
  say(`${name}: up to ${usual} …`);
  const made = await work;
  say(`${name}: there after ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return made;
}

/** A store, a registry and limits of the demo's own; a containerised machine may not raise podman's. @returns the variables that name them. */
function writePodmanConfig(scratch: string, registry: string): Readonly<Record<string, string>> {
  const file = (name: string, text: string): string => {
    writeFileSync(join(scratch, name), text);
    return join(scratch, name);
  };
  const stores = { graphroot: join(scratch, "podman"), runroot: join(scratch, "podman-run") };
  const containers = `[containers]
default_ulimits = ["nofile=1024:4096", "nproc=4096:4096"]

[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`;
  return {
    CONTAINERS_CONF: file("containers.conf", containers),
    CONTAINERS_STORAGE_CONF: file(
      "storage.conf",
      `[storage]\ndriver = "overlay"\ngraphroot = ${JSON.stringify(stores.graphroot)}\nrunroot = ${JSON.stringify(stores.runroot)}\n`,
    ),
    CONTAINERS_REGISTRIES_CONF: file("registries.conf", registriesFile(registry)),
  };
}

function preparedPlaces(): Places {
  const at = places();
  for (const folder of [at.cache, at.log, at.machine]) mkdirSync(folder, { recursive: true });
  return at;
}

async function bentomlProgram(at: Places): Promise<string> {
  return join(await installBentoml(at, join(at.log, "provision-bentoml.log")), "bin/bentoml");
}

/** @param storage the directory of its content, in `scratch` if it is to last as long as that. */
async function startRegistry(
  scratch: string,
  storage = join(scratch, "registry"),
): Promise<Pick<Workshop, "registry" | typeof Symbol.asyncDispose>> {
  const port = await freePort();
  const config = join(scratch, "registry.yml");
  writeFileSync(config, registryConfig(storage, port));
  const server = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
  const ended = once(server, "close");
  await until("registry", () => answers(`http://127.0.0.1:${port}/v2/`));
  return {
    registry: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.kill("SIGTERM");
      await ended;
    },
  };
}

/** A lab that was up stays up. */
async function labWorkshop(): Promise<Workshop> {
  const wasUp = Object.values(recall(places()).daemons).some(alive);
  if (!wasUp) say("the lab is provisioned (the first time takes minutes) …");
  const { env, registry } = await openLab();
  return {
    tool: "docker",
    origin: "the lab's",
    env,
    registry,
    inputs: { "registry-mirrors": `docker.io=${registry}` },
    bentoml: env["LAB_BENTOML"] ?? "",
    async [Symbol.asyncDispose]() {
      if (!wasUp) await down();
    },
  };
}
