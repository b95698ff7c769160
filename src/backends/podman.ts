import { Failure } from "../errors.ts";
import type { Captured } from "../machine/machine.ts";
import { parsePlatform } from "../oci/platform.ts";
import { parseJson } from "../text/json.ts";
import type { Backend, Engine } from "./backend.ts";
import { assembleBuildah, buildahDeliveries } from "./buildah-delivery.ts";
import { BUILDAH_DIALECT, BUILDAH_OVERRIDES, buildahFeatures, CACHED_STEP } from "./buildah-family.ts";
import { lastLines } from "./last-lines.ts";
import { askForClient, checkPair, nodeDiagnosis } from "./podman-remote.ts";
import { versionsOf } from "./versions.ts";

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

function readInfo(answer: Captured | undefined): PodmanInfo {
  const parsed = answer?.code === 0 ? parseJson(answer.stdout) : undefined;
  return typeof parsed === "object" && parsed !== null ? parsed : {};
}

function readEngine([answer, client]: readonly Captured[]): Engine {
  const info = readInfo(answer);
  if (info.host === undefined) {
    throw new Failure("engine", "podman does not work here", {
      lines: answer === undefined ? [] : lastLines(answer),
      hint: "Run `podman info` on the runner, where CONTAINER_HOST leads to a service elsewhere; a rootless podman needs subuid and subgid ranges of its user.",
    });
  }
  const { os = "linux", arch, serviceIsRemote, buildahVersion } = info.host;
  const versions = versionsOf({ podman: info.version?.Version, buildah: buildahVersion });
  if (serviceIsRemote === true) checkPair(client, versions);
  return {
    versions,
    ...(serviceIsRemote === true ? { remote: true } : { emulation: "kernel" }),
    ...(arch === undefined ? {} : { platform: parsePlatform(`${os}/${arch}`) }),
  };
}

export const podman: Backend = {
  name: "podman",
  tool: "podman",
  title: "podman, no daemon",
  isCandidate: (builder) => builder === undefined,
  requires: [
    {
      component: "podman",
      minimum: "4.8.0",
      because: "earlier ones misread here-documents and several mounts of one step",
    },
  ],
  installs: true,
  programs: {},
  addresses: ["CONTAINER_HOST"],
  overrides: BUILDAH_OVERRIDES,
  dialect: BUILDAH_DIALECT,
  layers: "per-step",
  cachedStep: CACHED_STEP,
  questions: () => [
    { args: ["info", "--format", "json"] },
    { args: askForClient, isOpen: ([info]) => readInfo(info).host?.serviceIsRemote === true },
  ],
  readEngine,
  nodeDiagnosis,
  assumed: { versions: {} },
  features: buildahFeatures,
  deliveries: buildahDeliveries("podman"),
  assemble: assembleBuildah("podman"),
};
