import { Failure } from "../errors.ts";
import type { Captured } from "../machine/machine.ts";
import { printReference } from "../oci/reference.ts";
import { parseJson } from "../text/json.ts";
import { nonEmpty } from "../values.ts";
import {
  type Backend,
  type Build,
  type BuildInvocation,
  type DeliverySteps,
  type Engine,
  type Exporter,
  type FeatureTable,
  noFlag,
  unsupported,
} from "./backend.ts";
import { isOneDaemon } from "./builder-nodes.ts";
import { BUILDKIT_DIALECT, fileDeliveries, printExporter, uploadByDigest } from "./buildkit.ts";
import { CACHED_STEP } from "./buildkit-cache.ts";
import { describeDaemon, nativePlatform, unreachableBuildkitd, workersQuestion } from "./buildkitd.ts";
import { includesDelivery } from "./deliveries.ts";
import { dockerBuildFlags } from "./docker-build-flags.ts";
import { each, since } from "./flags.ts";
import { lastLines } from "./last-lines.ts";
import { registriesByConfiguration } from "./registries.ts";
import { buildkitdMissing } from "./unreachable.ts";
import { versionsOf } from "./versions.ts";

const NO_SUCH_FLAG = "nerdctl build has no such flag";

/** Flags of `nerdctl build`. Source: https://github.com/containerd/nerdctl/blob/main/docs/command-reference.md#whale-nerdctl-build */
const features: FeatureTable = {
  ...dockerBuildFlags,
  builder: (address) =>
    isOneDaemon(address)
      ? noFlag("the command names the detected daemon")
      : unsupported("nerdctl takes the address of one buildkitd"),
  builderKeys: unsupported("nerdctl has no flags for certificates of a buildkitd"),
  noCacheFilters: unsupported(NO_SUCH_FLAG),
  addHosts: since("nerdctl", "2.0.3", each("--add-host")),
  shmSize: unsupported(NO_SUCH_FLAG),
  ulimits: unsupported(NO_SUCH_FLAG),
  cgroupParent: unsupported(NO_SUCH_FLAG),
  ...registriesByConfiguration,
};

/** nerdctl takes only one `--output`, so each exporter needs its own build; all builds after the first use the cache. */
function assemble({ plan, engine, flags, exporters }: BuildInvocation): ReturnType<Backend["assemble"]> {
  const cached = flags.filter((flag) => flag !== "--no-cache" && flag !== "--pull");
  const builds = exporters.map((exporter, index) =>
    assembleOne({ plan, engine, flags: index === 0 ? flags : cached }, exporter, index),
  );
  return nonEmpty(builds) ?? [assembleOne({ plan, engine, flags }, CACHE_ONLY, 0)];
}

/** Without an output, nerdctl would load the image. This exporter stores no image, so the result stays in BuildKit's cache. */
const CACHE_ONLY: Exporter = { type: "image", attributes: { store: "false" } };

function assembleOne(
  { plan, engine, flags }: Omit<BuildInvocation, "exporters">,
  exporter: Exporter,
  index: number,
): Build {
  const isNamed = exporter.type === "image" && exporter !== CACHE_ONLY;
  const [first] = plan.references;
  // nerdctl looks for all tags but the first in containerd, where a remote daemon stores nothing.
  const names = includesDelivery(plan, "load") ? plan.references : [first];
  const iidfile = `${plan.kept}/image-${index}.id`;
  const args = [
    "build",
    ...(engine.builder === undefined ? [] : ["--buildkit-host", engine.builder]),
    ...["--progress", "plain", "--file", plan.dockerfile],
    ...flags,
    ...(isNamed ? names.flatMap((reference) => ["--tag", printReference(reference)]) : []),
    ...["--output", printExporter(exporter)],
    ...(isNamed ? ["--iidfile", iidfile] : []),
    ...plan.extraArgs,
    plan.context,
  ];
  const title = `nerdctl build (${exporter.attributes["push"] === "true" ? "push" : exporter.type})`;
  return {
    command: { title, tool: "nerdctl", args },
    // nerdctl's "image id" file holds the manifest's or index's digest, not the config's.
    evidence: isNamed ? [{ kind: "digest", path: iidfile, means: "root" }] : [],
  };
}

/** A second address that nerdctl tries for root. Source: https://github.com/containerd/nerdctl/blob/main/pkg/buildkitutil/buildkitutil.go */
const NAMESPACED_ADDRESS = "unix:///run/buildkit-default/buildkitd.sock";

function readEngine([version, ...workers]: readonly Captured[], builder: string | undefined): Engine {
  if (version === undefined || version.code !== 0) {
    throw new Failure("engine", "nerdctl cannot reach containerd", {
      lines: version === undefined ? [] : lastLines(version),
      hint: "Start containerd, or name its socket in CONTAINERD_ADDRESS. A rootless containerd serves only its own user.",
    });
  }
  if (workers.every(({ code }) => code !== 0))
    throw buildkitdMissing(`nerdctl cannot reach ${describeDaemon(builder)}`, workers);
  const [first, namespaced] = workers;
  const address = builder ?? (first?.code === 0 ? undefined : NAMESPACED_ADDRESS);
  const answer = first?.code === 0 ? first : namespaced;
  const found = /"Client":\s*\{\s*"Version":\s*"v?([^"]+)"/.exec(version.stdout)?.[1];
  return {
    versions: versionsOf({ nerdctl: found }),
    ...nativePlatform(parseJson(answer?.stdout ?? "")),
    ...(address === undefined ? {} : { builder: address }),
  };
}

export const nerdctl: Backend = {
  name: "nerdctl",
  tool: "nerdctl",
  stores: ["nerdctl"],
  client: "nerdctl",
  title: "nerdctl with containerd and its buildkitd",
  isCandidate: (builder) => builder === undefined,
  requires: [{ component: "nerdctl", minimum: "2.0.0", because: "needed for named contexts" }],
  installs: true,
  programs: {
    nerdctl: "nerdctl",
    buildctl: "buildkit",
    buildkitd: "buildkit",
    containerd: "nerdctl-full",
    "containerd-shim-runc-v2": "nerdctl-full",
    runc: "nerdctl-full",
  },
  provides: { kind: "engine", engine: "containerd" },
  addresses: ["BUILDKIT_HOST"],
  overrides: [],
  dialect: BUILDKIT_DIALECT,
  layers: "per-step",
  cachedStep: CACHED_STEP,
  questions: (builder) => [
    { args: ["version", "--format", "json"] },
    workersQuestion(builder),
    ...(builder === undefined ? [workersQuestion(NAMESPACED_ADDRESS)] : []),
  ],
  readEngine,
  nodeDiagnosis: { question: workersQuestion, unreachable: unreachableBuildkitd },
  assumed: { versions: {} },
  features,
  deliveries: {
    ...fileDeliveries,
    push: (_, plan): DeliverySteps => {
      const [first, ...others] = plan.references;
      const rest = nonEmpty(others);
      return {
        exporters: [{ type: "image", attributes: { push: "true" } }],
        // Of several tags, nerdctl pushes only the first, without a warning.
        ...(rest === undefined ? {} : { steps: [{ kind: "copy", from: first, to: rest }] }),
      };
    },
    // nerdctl names the image only by --tag, and pushes that tag.
    "push-by-digest": (_, plan): DeliverySteps => uploadByDigest(plan),
    // A pushed image is also in containerd's store.
    load: (_, plan): DeliverySteps =>
      includesDelivery(plan, "push") ? {} : { exporters: [{ type: "image", attributes: {} }] },
  },
  assemble,
};
