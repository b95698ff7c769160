import { join } from "node:path";
import { succeeds } from "./command.ts";
import type { Daemon } from "./daemon.ts";
import { answers, listens } from "./ready.ts";
import { registry, type Setting, socket } from "./setting.ts";

/** The registry: mirror of docker.io and push target. */
export function registryDaemon(setting: Setting): Daemon {
  const config = join(setting.places.etc, "registry.yml");
  return {
    name: "registry",
    argv: ["/usr/bin/docker-registry", "serve", config],
    config,
    ready: () => answers(`http://${registry(setting)}/v2/`),
  };
}

/** The one containerd, for both dockerds and nerdctl. */
export function containerdDaemon(setting: Setting): Daemon {
  const { bin, etc } = setting.places;
  const config = join(etc, "containerd.toml");
  return {
    name: "containerd",
    argv: [join(bin, "containerd"), "--config", config],
    config,
    ready: () => listens(socket(setting, "containerd")),
  };
}

/** buildctl's buildkitd (OCI worker) or nerdctl's (containerd worker). */
export function buildkitDaemon(setting: Setting, name: "buildkitd" | "buildkitd-nerdctl"): Daemon {
  const { bin, etc } = setting.places;
  const config = join(etc, `${name}.toml`);
  const buildctl = join(bin, "buildctl");
  return {
    name,
    argv: [join(bin, "buildkitd"), "--config", config],
    config,
    ready: () => succeeds([buildctl, "--addr", `unix://${socket(setting, name)}`, "debug", "workers"]),
  };
}

/** dockerd with the containerd image store, or with the classic graph driver. */
export function dockerDaemon(setting: Setting, store: "docker" | "classic"): Daemon {
  const { bin, etc } = setting.places;
  const config = join(etc, `${store}.json`);
  return {
    name: store,
    argv: [join(bin, "dockerd"), "--config-file", config],
    config,
    ready: () => succeeds([join(bin, "docker"), "--host", `unix://${socket(setting, store)}`, "version"]),
  };
}

/** The order in which daemons end, those of a row together: users before what they use. */
export const endingOrder = [
  ["classic", "docker", "buildkitd-nerdctl", "buildkitd"],
  ["containerd"],
  ["registry"],
] as const;

export type DaemonName = (typeof endingOrder)[number][number];
