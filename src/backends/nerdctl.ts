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
import { askForWorkers, daemonAt, nativePlatform, unreachableBuildkitd } from "./buildkitd.ts";
import { wants } from "./deliveries.ts";
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
      ? noFlag("the command names the daemon that the engine told")
      : unsupported("nerdctl takes the address of one buildkitd"),
  builderKeys: unsupported("nerdctl has no flags for certificates of a buildkitd"),
  noCacheFilters: unsupported(NO_SUCH_FLAG),
  addHosts: since("nerdctl", "2.0.3", each("--add-host")),
  shmSize: unsupported(NO_SUCH_FLAG),
  ulimits: unsupported(NO_SUCH_FLAG),
  cgroupParent: unsupported(NO_SUCH_FLAG),
  ...registriesByConfiguration,
};

/** nerdctl takes one `--output`, so each exporter is a build of its own; all after the first are answered from the cache. */
function assemble({ plan, engine, flags, exporters }: BuildInvocation): ReturnType<Backend["assemble"]> {
  const cached = flags.filter((flag) => flag !== "--no-cache" && flag !== "--pull");
  const builds = exporters.map((exporter, index) =>
    assembleOne({ plan, engine, flags: index === 0 ? flags : cached }, exporter, index),
  );
  return nonEmpty(builds) ?? [assembleOne({ plan, engine, flags }, NOWHERE, 0)];
}

/** Without an output nerdctl would load the image: this one gets no name, and so stays in BuildKit's cache alone. */
const NOWHERE: Exporter = { type: "image", attributes: { store: "false" } };

function assembleOne(
  { plan, engine, flags }: Omit<BuildInvocation, "exporters">,
  exporter: Exporter,
  index: number,
): Build {
  const isNamed = exporter.type === "image" && exporter !== NOWHERE;
  const [first] = plan.references;
  // Others it would look for in containerd, where a daemon elsewhere puts nothing.
  const kept = wants(plan, "load") ? plan.references : [first];
  const iidfile = `${plan.kept}/image-${index}.id`;
  const args = [
    "build",
    ...(engine.builder === undefined ? [] : ["--buildkit-host", engine.builder]),
    ...["--progress", "plain", "--file", plan.dockerfile],
    ...flags,
    ...(isNamed ? kept.flatMap((reference) => ["--tag", printReference(reference)]) : []),
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

/** Where nerdctl looks besides, for root: https://github.com/containerd/nerdctl/blob/main/pkg/buildkitutil/buildkitutil.go */
const NAMESPACED = "unix:///run/buildkit-default/buildkitd.sock";

function readEngine([version, ...workers]: readonly Captured[], builder: string | undefined): Engine {
  if (version === undefined || version.code !== 0) {
    throw new Failure("engine", "nerdctl cannot reach containerd", {
      lines: version === undefined ? [] : lastLines(version),
      hint: "Start containerd, or name its socket in CONTAINERD_ADDRESS; a rootless one belongs to its own user.",
    });
  }
  const silent = workers.every(({ code }) => code !== 0);
  if (silent) throw buildkitdMissing(`nerdctl cannot reach ${daemonAt(builder)}`, workers);
  const [first, namespaced] = workers;
  const address = builder ?? (first?.code === 0 ? undefined : NAMESPACED);
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
  title: "nerdctl with containerd and its buildkitd",
  isCandidate: (builder) => builder === undefined,
  requires: [{ component: "nerdctl", minimum: "2.0.0", because: "named contexts work from then on" }],
  installs: true,
  programs: {
    nerdctl: "nerdctl",
    buildctl: "buildkit",
    buildkitd: "buildkit",
    containerd: "nerdctl-full",
    "containerd-shim-runc-v2": "nerdctl-full",
    runc: "nerdctl-full",
  },
  addresses: ["BUILDKIT_HOST"],
  overrides: [],
  dialect: BUILDKIT_DIALECT,
  layers: "per-step",
  cachedStep: CACHED_STEP,
  questions: (builder) => [
    { args: ["version", "--format", "json"] },
    askForWorkers(builder),
    ...(builder === undefined ? [askForWorkers(NAMESPACED)] : []),
  ],
  readEngine,
  nodeDiagnosis: { question: askForWorkers, unreachable: unreachableBuildkitd },
  assumed: { versions: {} },
  features,
  deliveries: {
    ...fileDeliveries,
    push: (_, plan): DeliverySteps => {
      const [first, ...others] = plan.references;
      const rest = nonEmpty(others);
      return {
        exporters: [{ type: "image", attributes: { push: "true" } }],
        // Of several tags nerdctl pushes only the first, and says nothing.
        ...(rest === undefined ? {} : { steps: [{ kind: "copy", from: first, to: rest }] }),
      };
    },
    // nerdctl has no name for the image without --tag, and pushes that tag.
    "push-by-digest": (_, plan): DeliverySteps => uploadByDigest(plan),
    // A pushed image stays in containerd's store too.
    load: (_, plan): DeliverySteps => (wants(plan, "push") ? {} : { exporters: [{ type: "image", attributes: {} }] }),
  },
  assemble,
};
