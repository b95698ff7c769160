import { join } from "node:path";
import { bridge, registry, type Setting, socket } from "../setting.ts";

/**
 * dockerd with the containerd image store, or (`classic`) with the graph driver of before Docker 29.
 * It leaves iptables alone, because its chains have fixed names and two labs would flush each other's:
 * the lab's own rule masquerades (network.ts) and docker-proxy publishes ports.
 */
export function dockerConfig(setting: Setting, store: "docker" | "classic"): string {
  const { places } = setting;
  const pools = store === "docker" ? 16 : 32;
  const config = {
    "data-root": join(places.state, store),
    "exec-root": join(places.run, store),
    pidfile: join(places.run, `${store}.pid`),
    hosts: [`unix://${socket(setting, store)}`],
    containerd: socket(setting, "containerd"),
    "containerd-namespace": store === "docker" ? "moby" : "classic",
    "containerd-plugins-namespace": store === "docker" ? "plugins.moby" : "plugins.classic",
    "userland-proxy-path": join(places.bin, "docker-proxy"),
    "init-path": "/usr/bin/tini-static",
    bridge: bridge(setting, store),
    "default-address-pools": [{ base: `10.${setting.subnet}.${pools}.0/20`, size: 24 }],
    iptables: false,
    ip6tables: false,
    "ip-forward": false,
    "shutdown-timeout": 2,
    "registry-mirrors": [`http://${registry(setting)}`],
    "insecure-registries": [registry(setting)],
    features: { "containerd-snapshotter": store === "docker" },
    ...(store === "classic" ? { "storage-driver": "overlay2" } : {}),
  };
  return JSON.stringify(config, null, 2);
}
