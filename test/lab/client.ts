import { join } from "node:path";
import { builderName } from "./builder.ts";
import { hostEnvironment } from "./command.ts";
import { registry, type Setting, socket } from "./setting.ts";

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
