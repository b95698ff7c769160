import { join } from "node:path";
import { builderName } from "./builder.ts";
import { clientEnvironment } from "./client.ts";
import { lines, run } from "./command.ts";
import type { EngineName } from "./engines.ts";
import { recall } from "./memory.ts";
import { type Places, places } from "./places.ts";

/** Empties an engine: its containers, images and build cache. The registry keeps what was pushed. */
export async function wipe(engine: EngineName, at: Places = places()): Promise<void> {
  const { port, subnet } = recall(at);
  if (port === undefined || subnet === undefined) throw new Error("the lab is not up");
  const env = clientEnvironment({ places: at, port, subnet });
  await wipers[engine]({ env, bin: at.bin });
}

interface Client {
  env: Record<string, string>;
  bin: string;
}

const wipers: Readonly<Record<EngineName, (client: Client) => Promise<void>>> = {
  docker: (client) => wipeDocker(client, "DOCKER_HOST"),
  classic: (client) => wipeDocker(client, "LAB_CLASSIC_DOCKER_HOST"),
  buildx: (client) => call(client, ["docker", "buildx", "prune", "--builder", builderName, "--all", "--force"]),
  buildctl: (client) => call(client, ["buildctl", "prune", "--all"]),
  nerdctl: async (client) => {
    await sweep(client, ["nerdctl", "ps", "--all", "--quiet"], ["nerdctl", "rm", "--force"]);
    await call(client, ["buildctl", "--addr", client.env["LAB_NERDCTL_BUILDKIT_HOST"] ?? "", "prune", "--all"]);
    await sweep(client, ["nerdctl", "images", "--all", "--quiet", "--no-trunc"], ["nerdctl", "rmi", "--force"]);
  },
  podman: async (client) => {
    await call(client, ["podman", "rm", "--all", "--force", "--time", "0"]);
    await wipeBuildah(client);
    await call(client, ["podman", "system", "prune", "--all", "--force"]);
  },
  /** Both stores: its own and the one it shares with podman by default. */
  buildah: async (client) => {
    const own = { ...client.env, CONTAINERS_STORAGE_CONF: client.env["LAB_BUILDAH_STORAGE_CONF"] ?? "" };
    await wipeBuildah({ ...client, env: own });
    await wipeBuildah(client);
  },
};

async function wipeBuildah(client: Client): Promise<void> {
  await call(client, ["buildah", "rm", "--all"]);
  await call(client, ["buildah", "rmi", "--all", "--force"]);
}

/** All but buildx's builder, which is a container here. */
async function wipeDocker(client: Client, host: string): Promise<void> {
  const env = { ...client.env, DOCKER_HOST: client.env[host] ?? "" };
  const here = { ...client, env };
  const builder = `buildx_buildkit_${builderName}0`;
  const containers = await lines([join(client.bin, "docker"), "ps", "--all", "--format", "{{.ID}} {{.Names}}"], {
    env,
  });
  const others = containers.filter((line) => !line.endsWith(` ${builder}`)).map((line) => line.split(" ")[0] ?? "");
  if (others.length > 0) await call(here, ["docker", "rm", "--force", ...others]);
  await call(here, ["docker", "builder", "prune", "--all", "--force"]);
  const images = await lines(
    [join(client.bin, "docker"), "images", "--no-trunc", "--format", "{{.ID}} {{.Repository}}"],
    { env },
  );
  const unused = images.filter((line) => !line.endsWith(" moby/buildkit")).map((line) => line.split(" ")[0] ?? "");
  if (unused.length > 0) await call(here, ["docker", "rmi", "--force", ...new Set(unused)]);
}

async function sweep(client: Client, list: [string, ...string[]], remove: [string, ...string[]]): Promise<void> {
  const [program, ...rest] = list;
  const found = new Set(await lines([join(client.bin, program), ...rest], { env: client.env }));
  if (found.size > 0) await call(client, [...remove, ...found]);
}

async function call({ bin, env }: Client, [program, ...args]: [string, ...string[]]): Promise<void> {
  await run([join(bin, program), ...args], { env });
}
