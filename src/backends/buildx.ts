import { Failure } from "../errors.ts";
import type { Captured } from "../machine/machine.ts";
import { type Backend, type DeliverySteps, type Engine, type Plan, type Unsupported, unsupported } from "./backend.ts";
import { isOneDaemon } from "./builder-nodes.ts";
import { BUILDKIT_DIALECT, fileDeliveries, joinNames, pushByDigest, refuseAttestations } from "./buildkit.ts";
import { CACHED_STEP } from "./buildkit-cache.ts";
import {
  assembleBuildx,
  buildxFeatures,
  DOCKER_OVERRIDES,
  missingBuildx,
  nodesOf,
  podmanAsDocker,
} from "./buildx-build.ts";
import {
  builderFlag,
  type InspectedNode,
  inspectQuestion,
  isUnreachable,
  readInspect,
  unreachableNodes,
} from "./buildx-inspect.ts";
import { buildxCurrent } from "./current-builder.ts";
import { lastLines } from "./last-lines.ts";
import { versionsOf } from "./versions.ts";

/** Drivers of builders that are never started here: somebody else's daemons. */
const RUNNING_DRIVERS: readonly (string | undefined)[] = ["remote", "docker", undefined];

/** Whether the builder must be started to report its nodes. */
function mayStart([, inspect]: readonly Captured[]): boolean {
  if (inspect === undefined || inspect.code !== 0) return true;
  const { driver, nodes } = readInspect(inspect.stdout);
  return !RUNNING_DRIVERS.includes(driver) && !nodes.every(({ status }) => status === "running");
}

/** `github.com/docker/buildx v0.36.1 <revision>` */
function buildxVersion(answer: Captured | undefined): string | undefined {
  return /buildx\s+v?(\S+)/.exec(answer?.stdout ?? "")?.[1];
}

function readEngine([version, ...inspections]: readonly Captured[]): Engine {
  if (version === undefined || version.code !== 0) throw missingBuildx(version);
  if (!version.stdout.includes("buildx")) throw podmanAsDocker();
  const inspect = inspections.at(-1);
  if (inspect === undefined || inspect.code !== 0) throw notInspected(inspections);
  const { name, driver, nodes, error } = readInspect(inspect.stdout);
  // Without its daemon, the builder of a docker context has no driver.
  if (driver === "docker" || driver === undefined) throw dockerDriver(name ?? "default", error);
  const unreachable = nodes.filter(isUnreachable);
  if (unreachable.length > 0) throw nodesUnreachable(name ?? "", unreachable);
  const [first] = nodes;
  const platform = first?.platforms[0];
  return {
    versions: versionsOf({ buildx: buildxVersion(version), buildkit: first?.buildkit }),
    nodes: nodes.map(({ name: node, address, platforms }) => ({ name: node, address, platforms })),
    ...(platform === undefined ? {} : { platform }),
    ...(name === undefined ? {} : { builder: name }),
  };
}

function nodesUnreachable(builder: string, nodes: readonly InspectedNode[]): Failure {
  const descriptions = nodes.map(({ name, address, status }) => `node ${name} at ${address} is ${status}`);
  return new Failure("engine", `the builder ${builder} has nodes that do not answer: ${descriptions.join(" · ")}`, {
    code: "NodeDead",
    lines: descriptions,
    hint: "Start the daemon there, or check its address and certificates. To recreate the builder, use `docker buildx rm` and `docker buildx create`.",
  });
}

/** A builder that does not start is named; otherwise it is not known which builder it would be. */
function notInspected(inspections: readonly Captured[]): Failure {
  const [first, second] = inspections;
  const { name } = readInspect(first?.code === 0 ? first.stdout : "");
  const last = second ?? first;
  return new Failure("engine", name === undefined ? "buildx finds no builder" : `the builder ${name} does not start`, {
    code: name === undefined ? "NoBuilder" : "BuilderNotStarted",
    lines: last === undefined ? [] : lastLines(last),
    hint: "List the builders with `docker buildx ls`. Create one with `docker buildx create --use`, or name one in the input builder.",
  });
}

/** Refuses the docker driver: its abilities depend on the daemon's image store, which only the backend docker detects. */
function dockerDriver(name: string, error: string | undefined): Failure {
  return new Failure("engine", `the builder ${name} is the docker daemon itself (docker driver)`, {
    code: "DockerDriver",
    lines: error === undefined ? [] : [error],
    hint: "Use the backend docker, or create a separate builder with docker/setup-buildx-action or `docker buildx create --use`.",
  });
}

/** "multi-node builds currently not supported": https://github.com/docker/buildx/blob/master/build/build.go */
function byOneNode<D>(deliver: (delivery: D, plan: Plan) => DeliverySteps | Unsupported) {
  return (delivery: D, plan: Plan, { nodes = [] }: Engine): DeliverySteps | Unsupported =>
    nodes.length > 1 && (plan.features.platforms ?? []).length > 1
      ? unsupported(
          "a builder with several nodes cannot write one file for several platforms; push the image and copy it from the registry",
        )
      : deliver(delivery, plan);
}

export const buildx: Backend = {
  name: "buildx",
  tool: "docker",
  stores: ["docker"],
  client: "docker",
  title: "docker buildx with the current builder, a named one, or one created from addresses",
  isCandidate: (builder) => !isOneDaemon(builder),
  requires: [
    {
      component: "buildx",
      minimum: "0.13.0",
      because: "needed for several outputs of one build and for named contexts",
    },
    { component: "buildkit", minimum: "0.13.0", because: "needed for rewriting file times" },
  ],
  installs: false,
  programs: { "docker-buildx": "buildx", buildkitd: "buildkit", runc: "buildkit", rootlesskit: "rootlesskit" },
  provides: { kind: "engine", engine: "buildx-builder" },
  addresses: ["BUILDX_BUILDER"],
  overrides: DOCKER_OVERRIDES,
  dialect: BUILDKIT_DIALECT,
  layers: "per-step",
  cachedStep: CACHED_STEP,
  questions: (builder) => [
    { args: ["buildx", "version"] },
    inspectQuestion(builder),
    { args: ["buildx", "inspect", "--bootstrap", ...builderFlag(builder)], isOpen: mayStart },
  ],
  nodesOf,
  currentBuilder: buildxCurrent,
  readEngine,
  nodeDiagnosis: { question: inspectQuestion, unreachable: unreachableNodes },
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
      refuseAttestations(plan, {
        exporters: [{ type: "docker", attributes: { name: joinNames(plan.references) } }],
      }),
    ),
  },
  assemble: assembleBuildx,
};
