import { Failure, ProgramMissing } from "../errors.ts";
import type { Captured } from "../machine/machine.ts";
import { printPlatform } from "../oci/platform.ts";
import type { NonEmpty } from "../values.ts";
import type { Backend, BuilderNode, Call, Engine, FeatureTable, Plan, Unsupported, Way } from "./backend.ts";
import { isAddress, unsupported } from "./backend.ts";
import { isOneDaemon, readNodes } from "./builder-nodes.ts";
import {
  attributeFeatures,
  cacheMountsBy,
  epochBy,
  fileDeliveries,
  joinNames,
  metadataEvidence,
  printExporter,
  pushByDigest,
  strictBaseBy,
  versionsOf,
  withoutAttestations,
} from "./buildkit.ts";
import { CACHED_STEP, cacheBy } from "./buildkit-cache.ts";
import { byName, type InspectedNode, inspection, isDead, readInspect, silentNodes } from "./buildx-inspect.ts";
import { each, joined, pairs, toggle, value } from "./words.ts";

/** Of the driver `remote`. Source: https://github.com/docker/buildx/blob/v0.36.1/driver/remote/util/endpoint.go */
const SCHEMES = ["docker-container:", "kube-pod:", "ssh:", "tcp:", "unix:"];

function nodesOf(builder: string): NonEmpty<BuilderNode> | undefined {
  return isAddress(builder) ? readNodes(builder) : undefined;
}

/** Flags of `docker buildx build`. Source: https://docs.docker.com/reference/cli/docker/buildx/build/ */
export const buildxFeatures = {
  ...attributeFeatures,
  builder: (builder) => {
    const strange = nodesOf(builder)?.find(({ endpoint = "tcp:" }) => !SCHEMES.some((one) => endpoint.startsWith(one)));
    return strange === undefined ? {} : unsupported(`buildx knows no way to ${strange.endpoint}`);
  },
  // Said when the builder is made.
  builderKeys: ({ ca }) => (ca === undefined ? unsupported("buildx wants the authority's certificate too") : {}),
  platforms: (platforms) => ({ flags: ["--platform", platforms.map(printPlatform).join(",")] }),
  epoch: epochBy("--build-arg"),
  strictBase: strictBaseBy("--build-arg"),
  pull: toggle("--pull"),
  noCache: toggle("--no-cache"),
  noCacheFilters: joined("--no-cache-filter"),
  cacheFrom: each("--cache-from"),
  cacheTo: each("--cache-to"),
  cache: cacheBy("--cache-from", "--cache-to"),
  target: value("--target"),
  buildArgs: pairs("--build-arg"),
  cacheMounts: cacheMountsBy("--build-arg"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => ["--build-context", `${name}=${directory}`]),
  }),
  remoteContexts: pairs("--build-context"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
  ssh: each("--ssh"),
  labels: pairs("--label"),
  attests: (attests) => ({ flags: Object.entries(attests).flatMap(attestFlag) }),
  addHosts: each("--add-host"),
  network: value("--network"),
  allow: each("--allow"),
  shmSize: value("--shm-size"),
  ulimits: each("--ulimit"),
  cgroupParent: value("--cgroup-parent"),
} satisfies FeatureTable;

/** `--attest type=provenance,mode=max`; nerdctl has the same words. */
export function attestFlag([type, attributes]: readonly [string, string]): readonly string[] {
  return ["--attest", attributes === "" ? `type=${type}` : `type=${type},${attributes}`];
}

/** Off explicitly where nobody asked: buildx's default turns a manifest into an index. */
function refuseOthers({ attests = {} }: Plan["features"]): readonly string[] {
  return [
    ...(attests.provenance === undefined ? ["--provenance=false"] : []),
    ...(attests.sbom === undefined ? ["--sbom=false"] : []),
  ];
}

/** `docker buildx build` in buildx's order. */
export function assembleBuildx({ plan, engine, flags, exporters }: Call): ReturnType<Backend["assemble"]> {
  const metadata = `${plan.kept}/metadata.json`;
  const args = [
    ...["buildx", "build"],
    ...(engine.builder === undefined ? [] : ["--builder", engine.builder]),
    ...["--progress", "plain", "--file", plan.dockerfile],
    ...flags,
    ...refuseOthers(plan.features),
    // Without an output the docker driver would load the image.
    ...(exporters.length === 0 ? ["--output", "type=cacheonly"] : []),
    ...exporters.flatMap((exporter) => ["--output", printExporter(exporter)]),
    ...["--metadata-file", metadata],
    ...plan.extraArgs,
    plan.context,
  ];
  return [
    {
      command: { title: `docker buildx build (${engine.builder ?? "the current builder"})`, tool: "docker", args },
      evidence: [metadataEvidence(metadata, exporters)],
    },
  ];
}

/** Whether a builder must be started before it tells what it is; one of the driver `remote` is started by others. */
function mayStart([, inspect]: readonly Captured[]): boolean {
  if (inspect === undefined || inspect.code !== 0) return true;
  const { driver, nodes } = readInspect(inspect.stdout);
  return driver !== "remote" && !nodes.every(({ status }) => status === "running");
}

/** `github.com/docker/buildx v0.36.1 <revision>` */
function buildxVersion(answer: Captured | undefined): string | undefined {
  return /buildx\s+v?(\S+)/.exec(answer?.stdout ?? "")?.[1];
}

function readEngine([version, ...inspections]: readonly Captured[]): Engine {
  if (version === undefined || version.code !== 0) throw missingBuildx(version);
  const inspect = inspections.at(-1);
  if (inspect === undefined || inspect.code !== 0) {
    throw new Failure("engine", "buildx has no builder that can be reached", {
      lines: inspect === undefined ? [] : lastLines(inspect),
      hint: "See `docker buildx ls`; make one with `docker buildx create --use`, or name one in the input builder.",
    });
  }
  const { name, driver, nodes } = readInspect(inspect.stdout);
  if (driver === "docker") throw dockerDriver(name ?? "default");
  const dead = nodes.filter(isDead);
  if (dead.length > 0) throw deadNodes(name ?? "", dead);
  const [first] = nodes;
  const platform = first?.platforms[0];
  return {
    versions: versionsOf({ buildx: buildxVersion(version), buildkit: first?.buildkit }),
    nodes: nodes.map(({ name: node, address, platforms }) => ({ name: node, address, platforms })),
    ...(platform === undefined ? {} : { platform }),
    ...(name === undefined ? {} : { builder: name }),
  };
}

function deadNodes(builder: string, nodes: readonly InspectedNode[]): Failure {
  const told = nodes.map(({ name, address, status }) => `node ${name} at ${address} is ${status}`);
  return new Failure("engine", `the builder ${builder} has nodes that do not answer: ${told.join(" · ")}`, {
    code: "NodeDead",
    lines: told,
    hint: "Start the daemon there, or check address and certificates; `docker buildx rm` and `create` make the builder anew.",
  });
}

/** That builder is the daemon, whose image store decides what it can do; the backend docker asks for it, buildx does not tell. */
function dockerDriver(name: string): Failure {
  return new Failure("engine", `the builder ${name} is the docker daemon itself (docker driver)`, {
    code: "DockerDriver",
    hint: "Use the backend docker, or a builder of its own: docker/setup-buildx-action, or `docker buildx create --use`.",
  });
}

export function missingBuildx(answer: Captured | undefined): Failure {
  return new ProgramMissing("docker-buildx", {
    message: "docker has no buildx plugin; the legacy builder cannot build this image",
    lines: answer === undefined ? [] : lastLines(answer),
    hint: "Let the action install it (input install), install the docker-buildx-plugin package, or use the backend podman, buildah or buildctl.",
  });
}

export function lastLines({ stdout, stderr }: Captured): readonly string[] {
  return `${stdout}\n${stderr}`
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-5);
}

/** "multi-node builds currently not supported": https://github.com/docker/buildx/blob/master/build/build.go */
function byOneNode<D>(deliver: (delivery: D, plan: Plan) => Way | Unsupported) {
  return (delivery: D, plan: Plan, { nodes = [] }: Engine): Way | Unsupported =>
    nodes.length > 1 && (plan.features.platforms ?? []).length > 1
      ? unsupported("several nodes of a builder write no file together; push, and take it from the registry")
      : deliver(delivery, plan);
}

export const buildx: Backend = {
  name: "buildx",
  tool: "docker",
  title: "docker buildx with the builder that is current, named, or made of addresses",
  isCandidate: (builder) => builder !== undefined && !isOneDaemon(builder),
  requires: [
    { part: "buildx", minimum: "0.13.0", because: "several outputs of one build and named contexts work from then on" },
    { part: "buildkit", minimum: "0.13.0", because: "rewriting of file times works from then on" },
  ],
  installs: false,
  programs: { "docker-buildx": "buildx", buildkitd: "buildkit", runc: "buildkit", rootlesskit: "rootlesskit" },
  addresses: [],
  takesLinks: () => true,
  cachedStep: CACHED_STEP,
  questions: (builder) => [
    { args: ["buildx", "version"] },
    inspection(builder),
    { args: ["buildx", "inspect", "--bootstrap", ...byName(builder)], isOpen: mayStart },
  ],
  nodesOf,
  readEngine,
  autopsy: { question: inspection, silent: silentNodes },
  assumed: { versions: {} },
  features: buildxFeatures,
  deliveries: {
    layout: byOneNode(fileDeliveries.layout),
    "oci-archive": byOneNode(fileDeliveries["oci-archive"]),
    "docker-archive": fileDeliveries["docker-archive"],
    push: (_, plan): Way => ({
      exporters: [{ type: "image", attributes: { name: joinNames(plan.references), push: "true" } }],
    }),
    "push-by-digest": (_, plan) => pushByDigest(plan),
    load: byOneNode((_, plan) =>
      withoutAttestations(plan, {
        exporters: [{ type: "docker", attributes: { name: joinNames(plan.references) } }],
      }),
    ),
  },
  assemble: assembleBuildx,
};
