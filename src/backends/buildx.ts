import { Failure } from "../errors.ts";
import type { Captured } from "../machine/machine.ts";
import { type Backend, type DeliverySteps, type Engine, type Plan, type Unsupported, unsupported } from "./backend.ts";
import { isOneDaemon } from "./builder-nodes.ts";
import { BUILDKIT_DIALECT, fileDeliveries, joinNames, pushByDigest, withoutAttestations } from "./buildkit.ts";
import { CACHED_STEP } from "./buildkit-cache.ts";
import { assembleBuildx, buildxFeatures, DOCKER_OVERRIDES, missingBuildx, nodesOf } from "./buildx-build.ts";
import { byName, type InspectedNode, inspection, isDead, readInspect, unreachableNodes } from "./buildx-inspect.ts";
import { lastLines } from "./last-lines.ts";
import { versionsOf } from "./versions.ts";

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

/** "multi-node builds currently not supported": https://github.com/docker/buildx/blob/master/build/build.go */
function byOneNode<D>(deliver: (delivery: D, plan: Plan) => DeliverySteps | Unsupported) {
  return (delivery: D, plan: Plan, { nodes = [] }: Engine): DeliverySteps | Unsupported =>
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
    {
      component: "buildx",
      minimum: "0.13.0",
      because: "several outputs of one build and named contexts work from then on",
    },
    { component: "buildkit", minimum: "0.13.0", because: "rewriting of file times works from then on" },
  ],
  installs: false,
  programs: { "docker-buildx": "buildx", buildkitd: "buildkit", runc: "buildkit", rootlesskit: "rootlesskit" },
  addresses: [],
  overrides: DOCKER_OVERRIDES,
  dialect: BUILDKIT_DIALECT,
  layers: "per-step",
  cachedStep: CACHED_STEP,
  questions: (builder) => [
    { args: ["buildx", "version"] },
    inspection(builder),
    { args: ["buildx", "inspect", "--bootstrap", ...byName(builder)], isOpen: mayStart },
  ],
  nodesOf,
  readEngine,
  nodeDiagnosis: { question: inspection, unreachable: unreachableNodes },
  assumed: { versions: {} },
  features: buildxFeatures,
  deliveries: {
    layout: byOneNode(fileDeliveries.layout),
    "oci-archive": byOneNode(fileDeliveries["oci-archive"]),
    "docker-archive": fileDeliveries["docker-archive"],
    push: (_, plan): DeliverySteps => ({
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
