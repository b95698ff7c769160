import { join } from "node:path";
import { type Setting, socket } from "../setting.ts";

/** containerd for dockerd, nerdctl and nerdctl's buildkitd. `opt` would make /opt/containerd, `nri` a socket shared by the whole machine. */
export function containerdConfig(setting: Setting): string {
  const { places } = setting;
  return `version = 3
root = ${JSON.stringify(join(places.state, "containerd"))}
state = ${JSON.stringify(join(places.run, "containerd"))}
disabled_plugins = [
  "io.containerd.grpc.v1.cri",
  "io.containerd.cri.v1.images",
  "io.containerd.cri.v1.runtime",
  "io.containerd.internal.v1.opt",
  "io.containerd.nri.v1.nri",
]

[grpc]
  address = ${JSON.stringify(socket(setting, "containerd"))}
`;
}
