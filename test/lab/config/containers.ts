import { createHash } from "node:crypto";
import { join } from "node:path";
import { address, bridge, registry, type Setting } from "../setting.ts";

/** registries.conf of podman and buildah. */
export function registriesConfig(setting: Setting): string {
  return registriesFile(registry(setting));
}

/** registries.conf with a mirror of docker.io at `HOST:PORT`, over plain HTTP. */
export function registriesFile(mirror: string): string {
  return `unqualified-search-registries = ["docker.io"]

[[registry]]
prefix = "docker.io"
location = "docker.io"

[[registry.mirror]]
location = "${mirror}"
insecure = true

[[registry]]
location = "${mirror}"
insecure = true
`;
}

/** storage.conf: `podman`'s store, which buildah shares by default, or buildah's own. */
export function storageConfig({ places }: Setting, store: "podman" | "buildah"): string {
  return `[storage]
driver = "overlay"
graphroot = ${JSON.stringify(join(places.state, store))}
runroot = ${JSON.stringify(join(places.run, store))}
`;
}

/**
 * containers.conf. The limits: podman and buildah ask for 1048576 files and die with "error setting rlimit type 7"
 * where the hard limit is lower and CAP_SYS_RESOURCE is missing. Locks in files: those in shared memory are the whole machine's.
 */
export function containersConfig(setting: Setting, limits: Limits): string {
  const { places } = setting;
  return `[containers]
default_ulimits = ["nofile=${limits.files}:${limits.files}", "nproc=${limits.processes}:${limits.processes}"]

[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
tmp_dir = ${JSON.stringify(join(places.run, "libpod"))}

[engine.runtimes]
runc = [${JSON.stringify(join(places.bin, "runc"))}]

[network]
network_backend = "netavark"
firewall_driver = "iptables"
default_network = "${podmanNetworkName(setting)}"
network_config_dir = ${JSON.stringify(join(places.etc, "networks"))}
`;
}

export interface Limits {
  files: string;
  processes: string;
}

/**
 * podman's default network, which would otherwise be `podman` on `podman0`, 10.88.0.0/16. It has a name of its own
 * because netavark names iptables chains after it: the last container of one lab would take another lab's with it.
 */
export function podmanNetwork(setting: Setting): string {
  const name = podmanNetworkName(setting);
  return JSON.stringify({
    name,
    id: createHash("sha256").update(name).digest("hex"),
    driver: "bridge",
    network_interface: bridge(setting, "podman"),
    created: "2025-10-09T08:53:20Z",
    subnets: [{ subnet: `${address(setting, "podman", 0)}/24`, gateway: address(setting, "podman", 1) }],
    ipv6_enabled: false,
    internal: false,
    dns_enabled: false,
    ipam_options: { driver: "host-local" },
  });
}

/** The name of podman's default network; its file is called the same. */
export function podmanNetworkName({ places }: Setting): string {
  return `lab-${places.key}`;
}
