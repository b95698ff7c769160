import { basename, dirname } from "node:path";
import type { Captured } from "../machine/machine.ts";
import { normalizePlatform, type Platform, printPlatform } from "../oci/platform.ts";
import { parseBytes } from "../text/byte-size.ts";
import {
  type Backend,
  type BuilderKeys,
  type Call,
  type Engine,
  type FeatureTable,
  isUnsupported,
  type Question,
  type Say,
  unsupported,
  type Way,
} from "./backend.ts";
import { isOneDaemon } from "./builder-nodes.ts";
import {
  archiveAt,
  attributeFeatures,
  cacheMountsBy,
  epochBy,
  fileDeliveries,
  hostPairs,
  joinNames,
  metadataEvidence,
  printExporter,
  pushByDigest,
  strictBaseBy,
  versionsOf,
} from "./buildkit.ts";
import { CACHED_STEP, cacheBy } from "./buildkit-cache.ts";
import { unreachable } from "./unreachable.ts";
import { each, pairs, toggle } from "./words.ts";

/** One option of the Dockerfile front end. Source: moby/buildkit, frontend/dockerui/config.go. */
function option(key: string, text: string): { readonly flags: readonly string[] } {
  return { flags: ["--opt", `${key}=${text}`] };
}

/** A bare name is a cache in a registry, as on the other front ends; buildctl itself wants the type. */
function cacheFlags(flag: string): Say<readonly string[]> {
  return (caches) => ({
    flags: caches.flatMap((cache) => [flag, cache.includes("type=") ? cache : `type=registry,ref=${cache}`]),
  });
}

const features: FeatureTable = {
  ...attributeFeatures,
  builder: (address) =>
    isOneDaemon(address)
      ? {}
      : unsupported("buildctl takes one address, for example unix:///run/buildkit/buildkitd.sock"),
  // They stand before the word `build`.
  builderKeys: () => ({}),
  platforms: (platforms) => option("platform", platforms.map(printPlatform).join(",")),
  epoch: epochBy("--opt", "build-arg:"),
  strictBase: strictBaseBy("--opt", "build-arg:"),
  pull: (pull) => (pull ? option("image-resolve-mode", "pull") : {}),
  noCache: toggle("--no-cache"),
  noCacheFilters: (stages) => option("no-cache", stages.join(",")),
  cacheFrom: cacheFlags("--import-cache"),
  cacheTo: cacheFlags("--export-cache"),
  cache: cacheBy("--import-cache", "--export-cache"),
  target: (target) => option("target", target),
  buildArgs: pairs("--opt", "build-arg:"),
  cacheMounts: cacheMountsBy("--opt", "build-arg:"),
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
    // BuildKit's own option takes bytes only.
    const bytes = parseBytes(size);
    return bytes === undefined ? unsupported(`"${size}" is no size such as 128m`) : option("shm-size", String(bytes));
  },
  ulimits: (ulimits) => option("ulimit", ulimits.join(",")),
  cgroupParent: (parent) => option("cgroup-parent", parent),
};

function assemble({ plan, engine, flags, exporters }: Call): ReturnType<Backend["assemble"]> {
  const metadata = `${plan.kept}/metadata.json`;
  const args = [
    ...at(engine.builder, plan.features.builderKeys),
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

interface Worker {
  readonly platforms?: readonly Partial<Platform>[];
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The first platform that the first worker of `buildctl debug workers --format '{{json .}}'` names is its native one. */
export function nativePlatform(workers: unknown): { readonly platform?: Platform } {
  const [worker]: readonly Worker[] = Array.isArray(workers) ? workers : [];
  const [first] = worker?.platforms ?? [];
  if (first?.os === undefined || first.architecture === undefined) return {};
  const { os, architecture, variant } = first;
  return { platform: normalizePlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) }) };
}

function readEngine([workers, info]: readonly Captured[], builder: string | undefined): Engine {
  if (workers === undefined || workers.code !== 0) {
    throw unreachable(`buildctl cannot reach ${daemonAt(builder)}`, workers === undefined ? [] : [workers]);
  }
  const version = /"version":\s*"([^"]+)"/.exec(info?.stdout ?? "")?.[1];
  return {
    versions: versionsOf({ buildkit: version }),
    ...nativePlatform(parseJson(workers.stdout)),
    ...(builder === undefined ? {} : { builder }),
  };
}

/** In words; undefined is where the tool looks when nobody says. */
export function daemonAt(builder: string | undefined): string {
  return builder === undefined ? "a buildkitd" : `the buildkitd at ${builder}`;
}

/** The one daemon at the end of the address. */
export function silentDaemon(answer: Captured | undefined, { builder }: Engine): readonly string[] {
  return answer?.code === 0 ? [] : [`the buildkitd at ${builder ?? "buildctl's default address"}`];
}

/** The native platform comes first. */
export function askForWorkers(builder: string | undefined, keys?: BuilderKeys): Question {
  return { tool: "buildctl", args: [...at(builder, keys), "debug", "workers", "--format", "{{json .}}"] };
}

/** Source: https://github.com/moby/buildkit/blob/master/cmd/buildctl/main.go */
function at(builder: string | undefined, { ca, cert, key }: BuilderKeys = {}): readonly string[] {
  const given = { "--addr": builder, "--tlscacert": ca, "--tlscert": cert, "--tlskey": key };
  return Object.entries(given).flatMap(([flag, text]) => (text === undefined ? [] : [flag, text]));
}

export const buildctl: Backend = {
  name: "buildctl",
  tool: "buildctl",
  title: "buildctl with a running buildkitd, local or remote",
  isCandidate: (builder) => builder === undefined || isOneDaemon(builder),
  requires: [
    { part: "buildkit", minimum: "0.13.0", because: "rewriting of file times and several outputs work from then on" },
  ],
  installs: true,
  programs: { buildctl: "buildkit", buildkitd: "buildkit", runc: "buildkit", rootlesskit: "rootlesskit" },
  addresses: ["BUILDKIT_HOST"],
  takesLinks: () => true,
  cachedStep: CACHED_STEP,
  questions: (builder, keys) => [
    askForWorkers(builder, keys),
    { args: [...at(builder, keys), "debug", "info", "--format", "{{json .}}"] },
  ],
  readEngine,
  autopsy: { question: askForWorkers, silent: silentDaemon },
  assumed: { versions: {} },
  features,
  deliveries: {
    ...fileDeliveries,
    push: (_, plan): Way => ({
      exporters: [{ type: "image", attributes: { name: joinNames(plan.references), push: "true" } }],
    }),
    "push-by-digest": (_, plan) => pushByDigest(plan),
    load: (_, plan) => {
      const archive = `${plan.scratch}/image.tar`;
      const way = archiveAt(archive, plan);
      return isUnsupported(way) ? way : { ...way, steps: [{ kind: "load", archive }] };
    },
  },
  assemble,
};
