import { join } from "node:path";
import { registry, type Setting, socket } from "../setting.ts";

/** The registry part of every buildkitd, also of the one inside buildx's container. */
export function buildkitRegistries(setting: Setting): string {
  return `[registry."docker.io"]
  mirrors = ["${registry(setting)}"]

[registry."${registry(setting)}"]
  http = true
`;
}

/** A buildkitd with the OCI worker, or with containerd's for nerdctl, whose images it must share. */
export function buildkitConfig(setting: Setting, worker: "oci" | "containerd"): string {
  const name = worker === "oci" ? "buildkitd" : "buildkitd-nerdctl";
  return `root = ${JSON.stringify(join(setting.places.state, name))}

[grpc]
  address = ["unix://${socket(setting, name)}"]

# Default is one socket for all buildkitds of the machine.
[otel]
  socketPath = ${JSON.stringify(socket(setting, `${name}-otel`))}

[worker.oci]
  enabled = ${worker === "oci"}

[worker.containerd]
  enabled = ${worker === "containerd"}
  address = ${JSON.stringify(socket(setting, "containerd"))}
  namespace = "default"

${buildkitRegistries(setting)}`;
}
