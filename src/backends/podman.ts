import { Failure } from "../errors.ts";
import { parsePlatform } from "../image/platform.ts";
import type { Captured } from "../world/world.ts";
import type { Backend, Engine } from "./backend.ts";
import { assembleBuildah, buildahDeliveries } from "./buildah-delivery.ts";
import { buildahFeatures, CACHED_STEP, takesLinks } from "./buildah-family.ts";
import { parseJson } from "./buildctl.ts";
import { versionsOf } from "./buildkit.ts";
import { lastLines } from "./buildx.ts";

/** `podman info --format json`, the parts that decide. */
interface PodmanInfo {
  readonly host?: {
    readonly arch?: string;
    readonly os?: string;
    readonly buildahVersion?: string;
    readonly serviceIsRemote?: boolean;
  };
  readonly version?: { readonly Version?: string };
}

function readEngine([answer]: readonly Captured[]): Engine {
  const parsed = answer?.code === 0 ? parseJson(answer.stdout) : undefined;
  const info: PodmanInfo = typeof parsed === "object" && parsed !== null ? parsed : {};
  if (info.host === undefined) {
    throw new Failure("engine", "podman does not work here", {
      lines: answer === undefined ? [] : lastLines(answer),
      hint: "Run `podman info` on the runner; a rootless podman needs subuid and subgid ranges of its user.",
    });
  }
  const { os = "linux", arch } = info.host;
  return {
    versions: versionsOf({ podman: info.version?.Version, buildah: info.host.buildahVersion }),
    ...(info.host.serviceIsRemote === true ? { remote: true } : { emulation: "kernel" }),
    ...(arch === undefined ? {} : { platform: parsePlatform(`${os}/${arch}`) }),
  };
}

export const podman: Backend = {
  name: "podman",
  tool: "podman",
  title: "podman, no daemon",
  isCandidate: (builder) => builder === undefined,
  requires: [
    { part: "podman", minimum: "4.8.0", because: "earlier ones misread here-documents and several mounts of one step" },
  ],
  programs: {},
  addresses: [],
  takesLinks,
  cachedStep: CACHED_STEP,
  questions: () => [{ args: ["info", "--format", "json"] }],
  readEngine,
  assumed: { versions: {} },
  features: buildahFeatures,
  deliveries: buildahDeliveries("podman"),
  assemble: assembleBuildah("podman"),
};
