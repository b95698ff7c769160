import { Failure } from "../errors.ts";
import type { Captured } from "../machine/machine.ts";
import { parsePlatform } from "../oci/platform.ts";
import { parseJson } from "../text/json.ts";
import type { Backend, Engine } from "./backend.ts";
import { assembleBuildah, buildahDeliveries } from "./buildah-delivery.ts";
import { BUILDAH_DIALECT, BUILDAH_MINIMUM, BUILDAH_OVERRIDES, buildahFeatures, CACHED_STEP } from "./buildah-family.ts";
import { lastLines } from "./last-lines.ts";
import { versionsOf } from "./versions.ts";

function readEngine([answer]: readonly Captured[]): Engine {
  const parsed = answer?.code === 0 ? parseJson(answer.stdout) : undefined;
  const info: { readonly version?: string; readonly buildPlatform?: string } =
    typeof parsed === "object" && parsed !== null ? parsed : {};
  if (info.version === undefined) {
    throw new Failure("engine", "buildah does not work on this machine", {
      lines: answer === undefined ? [] : lastLines(answer),
      hint: "Run `buildah info` on the runner to see the error. A rootless buildah needs subuid and subgid ranges for its user.",
    });
  }
  return {
    versions: versionsOf({ buildah: info.version }),
    emulation: "kernel",
    ...(info.buildPlatform === undefined ? {} : { platform: parsePlatform(info.buildPlatform) }),
  };
}

export const buildah: Backend = {
  name: "buildah",
  tool: "buildah",
  stores: ["buildah"],
  client: "podman",
  title: "buildah, no daemon",
  isCandidate: (builder) => builder === undefined,
  requires: [{ component: "buildah", minimum: BUILDAH_MINIMUM.buildah, because: BUILDAH_MINIMUM.because }],
  installs: true,
  programs: {},
  provides: { kind: "package", name: "buildah" },
  addresses: [],
  overrides: BUILDAH_OVERRIDES,
  dialect: BUILDAH_DIALECT,
  layers: "per-step",
  cachedStep: CACHED_STEP,
  questions: () => [{ args: ["version", "--json"] }],
  readEngine,
  assumed: { versions: {} },
  features: buildahFeatures,
  deliveries: buildahDeliveries("buildah"),
  assemble: assembleBuildah("buildah"),
};
