import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { relink } from "../link.ts";
import type { Setting } from "../setting.ts";
import { buildkitConfig, buildkitRegistries } from "./buildkit.ts";
import { containerdConfig } from "./containerd.ts";
import { containersConfig, podmanNetwork, podmanNetworkName, registriesConfig, storageConfig } from "./containers.ts";
import { dockerConfig } from "./docker.ts";
import { hostsConfig, nerdctlConfig, nerdctlNetwork } from "./nerdctl.ts";
import { registryConfig } from "./registry.ts";

/** Writes every engine's configuration below `.lab/etc`, and docker's client directory. */
export function writeConfig(setting: Setting): void {
  const { etc, state, bin } = setting.places;
  const limits = { files: hardLimit("Max open files"), processes: hardLimit("Max processes") };
  const texts: Record<string, string> = {
    "registry.yml": registryConfig(join(state, "registry"), setting.port),
    "containerd.toml": containerdConfig(setting),
    "buildkitd.toml": buildkitConfig(setting, "oci"),
    "buildkitd-nerdctl.toml": buildkitConfig(setting, "containerd"),
    "builder.toml": buildkitRegistries(setting),
    "docker.json": dockerConfig(setting, "docker"),
    "classic.json": dockerConfig(setting, "classic"),
    "nerdctl.toml": nerdctlConfig(setting),
    "certs.d/docker.io/hosts.toml": hostsConfig(setting),
    "cni/nerdctl-bridge.conflist": nerdctlNetwork(setting),
    "registries.conf": registriesConfig(setting),
    "storage.conf": storageConfig(setting, "podman"),
    "storage-buildah.conf": storageConfig(setting, "buildah"),
    "containers.conf": containersConfig(setting, limits),
    [`networks/${podmanNetworkName(setting)}.json`]: podmanNetwork(setting),
  };
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(etc, name)), { recursive: true });
    writeFileSync(join(etc, name), text);
  }
  writeDockerHome(join(etc, "docker"), join(bin, "buildx"));
}

/** buildah and podman fail when DOCKER_CONFIG is set and holds no config.json. A test's `docker login` there is kept. */
function writeDockerHome(home: string, buildx: string): void {
  mkdirSync(join(home, "cli-plugins"), { recursive: true });
  if (!existsSync(join(home, "config.json"))) writeFileSync(join(home, "config.json"), "{}\n");
  relink(buildx, join(home, "cli-plugins/docker-buildx"));
}

function hardLimit(name: string): string {
  const limits = readFileSync("/proc/self/limits", "utf8");
  const hard = new RegExp(`^${name}\\s+\\S+\\s+(\\S+)`, "m").exec(limits)?.[1] ?? "unlimited";
  return hard === "unlimited" ? "-1" : hard;
}
