import { createHash } from "node:crypto";
import { join } from "node:path";
import { address, bridge, registry, type Setting, socket } from "../setting.ts";

/** nerdctl.toml. No `insecure_registry`: with it the mirror is not used, and loopback registries are plain HTTP anyway. */
export function nerdctlConfig(setting: Setting): string {
  const { places } = setting;
  return `address = "unix://${socket(setting, "containerd")}"
namespace = "default"
data_root = ${JSON.stringify(join(places.state, "nerdctl"))}
cni_path = "/usr/lib/cni"
cni_netconfpath = ${JSON.stringify(join(places.etc, "cni"))}
hosts_dir = [${JSON.stringify(join(places.etc, "certs.d"))}]
cgroup_manager = "cgroupfs"
`;
}

/** containerd's mirror of docker.io. */
export function hostsConfig(setting: Setting): string {
  return `server = "https://registry-1.docker.io"

[host."http://${registry(setting)}"]
  capabilities = ["pull", "resolve"]
`;
}

/** nerdctl's default network, which it would otherwise make itself, as `nerdctl0`. No `firewall` plugin: the lab's own rules let its networks through. */
export function nerdctlNetwork(setting: Setting): string {
  const name = "bridge";
  const range = {
    subnet: `${address(setting, "nerdctl", 0)}/24`,
    gateway: address(setting, "nerdctl", 1),
  };
  const network = {
    cniVersion: "1.0.0",
    name,
    nerdctlID: createHash("sha256").update(name).digest("hex"),
    nerdctlLabels: { "nerdctl/default-network": "true" },
    plugins: [
      {
        type: "bridge",
        bridge: bridge(setting, "nerdctl"),
        isGateway: true,
        ipMasq: false,
        hairpinMode: true,
        ipam: {
          type: "host-local",
          routes: [{ dst: "0.0.0.0/0" }],
          ranges: [[range]],
          dataDir: join(setting.places.run, "cni"),
        },
      },
      { type: "portmap", capabilities: { portMappings: true } },
      { type: "tuning" },
    ],
  };
  return JSON.stringify(network, null, 2);
}
