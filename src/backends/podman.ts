import { Failure } from "../errors.ts";
import type { Captured } from "../machine/machine.ts";
import { parsePlatform } from "../oci/platform.ts";
import { parseJson } from "../text/json.ts";
import type { Backend, Engine } from "./backend.ts";
import { assembleBuildah, buildahDeliveries } from "./buildah-delivery.ts";
import { BUILDAH_DIALECT, BUILDAH_MINIMUM, BUILDAH_OVERRIDES, buildahFeatures, CACHED_STEP } from "./buildah-family.ts";
import { lastLines } from "./last-lines.ts";
import { CLIENT_VERSION_ARGS, checkVersions, nodeDiagnosis } from "./podman-remote.ts";
import { versionsOf } from "./versions.ts";

/** The fields of `podman info --format json` that are read. */
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
    throw new Failure("engine", "podman does not work on this machine", {
      lines: answer === undefined ? [] : lastLines(answer),
      hint: "Run `podman info` on the runner to see the error; if CONTAINER_HOST is set, check the service that it names. A rootless podman needs subuid and subgid ranges for its user.",
    });
  }
  const { os = "linux", arch, serviceIsRemote, buildahVersion } = info.host;
  const versions = versionsOf({ podman: info.version?.Version, buildah: buildahVersion });
  if (serviceIsRemote === true) checkVersions(client, versions);
  return {
    versions,
    ...(serviceIsRemote === true ? { remote: true } : { emulation: "kernel" }),
    ...(arch === undefined ? {} : { platform: parsePlatform(`${os}/${arch}`) }),
  };
}

export const podman: Backend = {
  name: "podman",
  tool: "podman",
  stores: ["podman"],
  client: "podman",
  title: "podman, no daemon",
  isCandidate: (builder) => builder === undefined,
  requires: [{ component: "podman", minimum: BUILDAH_MINIMUM.podman, because: BUILDAH_MINIMUM.because }],
  installs: true,
  programs: {},
  provides: { kind: "package", name: "podman" },
  addresses: ["CONTAINER_HOST", "CONTAINER_CONNECTION"],
  overrides: BUILDAH_OVERRIDES,
  dialect: BUILDAH_DIALECT,
  layers: "per-step",
  cachedStep: CACHED_STEP,
  questions: () => [
    { args: ["info", "--format", "json"] },
    { args: CLIENT_VERSION_ARGS, isOpen: ([info]) => readInfo(info).host?.serviceIsRemote === true },
  ],
  readEngine,
  nodeDiagnosis,
  assumed: { versions: {} },
  features: buildahFeatures,
  deliveries: buildahDeliveries("podman"),
  assemble: assembleBuildah("podman"),
};
