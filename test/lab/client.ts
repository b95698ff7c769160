import { join } from "node:path";
import { type Argv, hostEnvironment, lines, run } from "./command.ts";
import { builderName, registry, type Setting, socket } from "./setting.ts";

/** What points the clients of all engines at the lab. */
export function clientEnvironment(setting: Setting): Record<string, string> {
  const { places } = setting;
  const { etc } = places;
  return {
    PATH: labPath(places.bin),
    DOCKER_HOST: `unix://${socket(setting, "docker")}`,
    DOCKER_CONFIG: join(etc, "docker"),
    BUILDX_CONFIG: join(places.state, "buildx"),
    BUILDKIT_HOST: `unix://${socket(setting, "buildkitd")}`,
    CONTAINERD_ADDRESS: `unix://${socket(setting, "containerd")}`,
    NERDCTL_TOML: join(etc, "nerdctl.toml"),
    CONTAINERS_CONF: join(etc, "containers.conf"),
    CONTAINERS_REGISTRIES_CONF: join(etc, "registries.conf"),
    CONTAINERS_STORAGE_CONF: join(etc, "storage.conf"),
    PODMAN_IGNORE_CGROUPSV1_WARNING: "1",
    LAB_ROOT: places.lab,
    LAB_BENTOML: join(places.lab, "bentoml/bin/bentoml"),
    LAB_REGISTRY: registry(setting),
    LAB_BUILDER: builderName,
    LAB_NERDCTL_BUILDKIT_HOST: `unix://${socket(setting, "buildkitd-nerdctl")}`,
    LAB_BUILDAH_STORAGE_CONF: join(etc, "storage-buildah.conf"),
    LAB_CLASSIC_DOCKER_HOST: `unix://${socket(setting, "classic")}`,
  };
}

function labPath(bin: string): string {
  const others = (hostEnvironment()["PATH"] ?? "").split(":").filter((folder) => folder !== bin);
  return [bin, ...others].join(":");
}

/** How the lab itself calls an engine's client. */
export interface Client {
  bin: string;
  env: Record<string, string>;
}

/** The lab's own caller of clients, for the engines that the environment points at or for others. */
export function client(setting: Setting, elsewhere: Record<string, string> = {}): Client {
  return { bin: setting.places.bin, env: { ...clientEnvironment(setting), ...elsewhere } };
}

/** The caller whose `docker` speaks to the classic dockerd. */
export function classicClient(setting: Setting): Client {
  return client(setting, { DOCKER_HOST: `unix://${socket(setting, "classic")}` });
}

/** The caller whose `buildah` uses its own store. */
export function buildahClient(setting: Setting): Client {
  return client(setting, { CONTAINERS_STORAGE_CONF: join(setting.places.etc, "storage-buildah.conf") });
}

/** Calls a program of the lab's bin folder. */
export async function call({ bin, env }: Client, [program, ...args]: Argv): Promise<void> {
  await run([join(bin, program), ...args], { env });
}

/** Removes by `remove` what `list` prints: the first word of each line that does not end with `spare`. */
export async function sweep({ bin, env }: Client, list: Argv, remove: Argv, spare?: string): Promise<void> {
  const [program, ...args] = list;
  const printed = await lines([join(bin, program), ...args], { env }); // nothing where the engine is not there
  const condemned = printed.filter((line) => spare === undefined || !line.endsWith(` ${spare}`));
  const names = new Set(condemned.map((line) => line.split(" ")[0] ?? ""));
  if (names.size > 0) await call({ bin, env }, [...remove, ...names]);
}
