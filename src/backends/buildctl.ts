import { basename, dirname } from "node:path";
import type { Captured } from "../machine/machine.ts";
import { printPlatform } from "../oci/platform.ts";
import { parseBytes } from "../text/byte-size.ts";
import { parseJson } from "../text/json.ts";
import {
  type Backend,
  type BuildInvocation,
  type DeliverySteps,
  type Engine,
  type FeatureTable,
  isUnsupported,
  noFlag,
  type Render,
  unsupported,
} from "./backend.ts";
import { isOneDaemon } from "./builder-nodes.ts";
import {
  attributeFeatures,
  BUILDKIT_DIALECT,
  dockerArchive,
  fileDeliveries,
  hostPairs,
  joinNames,
  metadataEvidence,
  printExporter,
  pushByDigest,
  renderBaseCheck,
  renderCacheMounts,
  renderEpoch,
} from "./buildkit.ts";
import { CACHED_STEP, renderCache } from "./buildkit-cache.ts";
import { addressFlags, describeDaemon, nativePlatform, unreachableBuildkitd, workersQuestion } from "./buildkitd.ts";
import { each, pairs, toggle } from "./flags.ts";
import { registriesByConfiguration } from "./registries.ts";
import { buildkitdMissing } from "./unreachable.ts";
import { versionsOf } from "./versions.ts";

/** One option of the Dockerfile frontend. Source: moby/buildkit, frontend/dockerui/config.go. */
function option(key: string, text: string): { readonly flags: readonly string[] } {
  return { flags: ["--opt", `${key}=${text}`] };
}

/** A bare name is a registry cache, as with docker. buildctl itself requires the type, so it is added. */
function cacheFlags(flag: string): Render<readonly string[]> {
  return (caches) => ({
    flags: caches.flatMap((cache) => [flag, cache.includes("type=") ? cache : `type=registry,ref=${cache}`]),
  });
}

const features: FeatureTable = {
  ...attributeFeatures,
  builder: (address) =>
    isOneDaemon(address)
      ? noFlag("the command names the detected daemon")
      : unsupported("buildctl takes one address, for example unix:///run/buildkit/buildkitd.sock"),
  builderKeys: noFlag("they are global flags of buildctl, before `build`"),
  platforms: (platforms) => option("platform", platforms.map(printPlatform).join(",")),
  epoch: renderEpoch("--opt", "build-arg:"),
  strictBase: renderBaseCheck("--opt", "build-arg:"),
  pull: (pull) => (pull ? option("image-resolve-mode", "pull") : noFlag("the daemon uses the base image that it has")),
  noCache: toggle("--no-cache"),
  noCacheFilters: (stages) => option("no-cache", stages.join(",")),
  cacheFrom: cacheFlags("--import-cache"),
  cacheTo: cacheFlags("--export-cache"),
  cache: renderCache("--import-cache", "--export-cache"),
  target: (target) => option("target", target),
  buildArgs: pairs("--opt", "build-arg:"),
  cacheMounts: renderCacheMounts("--opt", "build-arg:"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => [
      "--local",
      `${name}=${directory}`,
      "--opt",
      `context:${name}=local:${name}`,
    ]),
  }),
  remoteContexts: pairs("--opt", "context:"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
  ssh: each("--ssh"),
  labels: pairs("--opt", "label:"),
  attests: (attests) => ({
    flags: Object.entries(attests).flatMap(([type, attributes]) => ["--opt", `attest:${type}=${attributes}`]),
  }),
  addHosts: (addHosts) => option("add-hosts", hostPairs(addHosts)),
  network: (mode) => ({
    flags: ["--opt", `force-network-mode=${mode}`, ...(mode === "host" ? ["--allow", "network.host"] : [])],
  }),
  allow: each("--allow"),
  shmSize: (size) => {
    // BuildKit's option takes only bytes.
    const bytes = parseBytes(size);
    return bytes === undefined
      ? unsupported(`"${size}" is not a size such as 128m`)
      : option("shm-size", String(bytes));
  },
  ulimits: (ulimits) => option("ulimit", ulimits.join(",")),
  cgroupParent: (parent) => option("cgroup-parent", parent),
  ...registriesByConfiguration,
};

function assemble({ plan, engine, flags, exporters }: BuildInvocation): ReturnType<Backend["assemble"]> {
  const metadata = `${plan.kept}/metadata.json`;
  const args = [
    ...addressFlags(engine.builder, plan.features.builderKeys),
    ...["build", "--progress", "plain", "--frontend", "dockerfile.v0"],
    ...["--local", `context=${plan.context}`, "--local", `dockerfile=${dirname(plan.dockerfile)}`],
    ...["--opt", `filename=${basename(plan.dockerfile)}`],
    ...flags,
    ...exporters.flatMap((exporter) => ["--output", printExporter(exporter)]),
    ...["--metadata-file", metadata],
    ...plan.extraArgs,
  ];
  return [
    { command: { title: "buildctl build", tool: "buildctl", args }, evidence: [metadataEvidence(metadata, exporters)] },
  ];
}

function readEngine([workers, info]: readonly Captured[], builder: string | undefined): Engine {
  if (workers === undefined || workers.code !== 0) {
    throw buildkitdMissing(`buildctl cannot reach ${describeDaemon(builder)}`, workers === undefined ? [] : [workers]);
  }
  const version = /"version":\s*"([^"]+)"/.exec(info?.stdout ?? "")?.[1];
  return {
    versions: versionsOf({ buildkit: version }),
    ...nativePlatform(parseJson(workers.stdout)),
    ...(builder === undefined ? {} : { builder }),
  };
}

export const buildctl: Backend = {
  name: "buildctl",
  tool: "buildctl",
  stores: ["docker", "podman", "nerdctl"],
  client: "docker",
  title: "buildctl with a running buildkitd, local or remote",
  isCandidate: (builder) => builder === undefined || isOneDaemon(builder),
  requires: [
    {
      component: "buildkit",
      minimum: "0.13.0",
      because: "needed for rewriting file times and for several outputs of one build",
    },
  ],
  installs: true,
  programs: { buildctl: "buildkit", buildkitd: "buildkit", runc: "buildkit", rootlesskit: "rootlesskit" },
  provides: { kind: "engine", engine: "buildkitd" },
  addresses: ["BUILDKIT_HOST"],
  overrides: [],
  dialect: BUILDKIT_DIALECT,
  layers: "per-step",
  cachedStep: CACHED_STEP,
  questions: (builder, keys) => [
    workersQuestion(builder, keys),
    { args: [...addressFlags(builder, keys), "debug", "info", "--format", "{{json .}}"] },
  ],
  readEngine,
  nodeDiagnosis: { question: workersQuestion, unreachable: unreachableBuildkitd },
  assumed: { versions: {} },
  features,
  deliveries: {
    ...fileDeliveries,
    push: (_, plan): DeliverySteps => ({
      exporters: [{ type: "image", attributes: { name: joinNames(plan.references), push: "true" } }],
    }),
    "push-by-digest": (_, plan) => pushByDigest(plan),
    load: (_, plan) => {
      const archive = `${plan.scratch}/image.tar`;
      const exported = dockerArchive(archive, plan);
      return isUnsupported(exported) ? exported : { ...exported, steps: [{ kind: "load", archive }] };
    },
  },
  assemble,
};
