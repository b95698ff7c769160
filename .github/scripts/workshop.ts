/** What the demo works with: an engine, a registry on this machine, and BentoML. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { openLab } from "../../test/lab/backends.ts";
import { registryConfig } from "../../test/lab/config/registry.ts";
import { alive } from "../../test/lab/daemon.ts";
import { down } from "../../test/lab/down.ts";
import { recall } from "../../test/lab/memory.ts";
import { places } from "../../test/lab/places.ts";
import { freePort } from "../../test/lab/port.ts";
import { installBentoml } from "../../test/lab/provision/bentoml.ts";
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

/** @param own whether the machine's own engine may be used. */
export async function openWorkshop({ own, scratch }: { own: boolean; scratch: string }): Promise<Workshop> {
  const tool = own ? await findTool() : undefined;
  return tool === undefined ? labWorkshop() : ownWorkshop(tool, scratch);
}

async function findTool(): Promise<Tool | undefined> {
  for (const tool of TOOLS) {
    const works = await promisify(execFile)(tool, QUESTIONS[tool]).then(
      () => true,
      () => false,
    );
    if (works) return tool;
  }
  return undefined;
}

async function ownWorkshop(tool: Tool, scratch: string): Promise<Workshop> {
  const at = places();
  for (const folder of [at.cache, at.log]) mkdirSync(folder, { recursive: true });
  await installPackages(at, join(at.log, "provision-packages.log"));
  const bentoml = join(await installBentoml(at, join(at.log, "provision-bentoml.log")), "bin/bentoml");
  const registry = await startRegistry(scratch);
  const env = Object.fromEntries(Object.entries(process.env).filter((pair): pair is [string, string] => !!pair[1]));
  return { tool, origin: "this machine's own", env, bentoml, inputs: {}, ...registry };
}

async function startRegistry(scratch: string): Promise<Pick<Workshop, "registry" | typeof Symbol.asyncDispose>> {
  const port = await freePort();
  const config = join(scratch, "registry.yml");
  writeFileSync(config, registryConfig(join(scratch, "registry"), port));
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
  if (!wasUp)
    console.log("engine    none works on this machine: provisioning the lab (the first time takes minutes) …");
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
