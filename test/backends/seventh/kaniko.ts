/**
 * kaniko's `executor` as a backend, which tests the contract and is not part of any release. It builds environments for
 * direct assembly, in its own container. It refuses whole images, because it reads one directory and sets no file times.
 * Sources: GoogleContainerTools/kaniko 1.24, README.md, cmd/executor/cmd/root.go, pkg/commands, pkg/executor.
 */
import {
  type Backend,
  type BuildInvocation,
  type DeliverySteps,
  type DeliveryTable,
  type DialectTable,
  type Engine,
  type FeatureTable,
  noFlag,
  type Plan,
  unsupported,
} from "../../../src/backends/backend.ts";
import { includesDelivery, intermediateLayout } from "../../../src/backends/deliveries.ts";
import { each, pairs, value } from "../../../src/backends/flags.ts";
import { lastLines } from "../../../src/backends/last-lines.ts";
import { Failure } from "../../../src/errors.ts";
import type { Captured } from "../../../src/machine/machine.ts";
import { printPlatform } from "../../../src/oci/platform.ts";
import { distinctRepositories, printReference } from "../../../src/oci/reference.ts";

const OWN_PROCESS = unsupported("kaniko builds in its own process");
const OWN_CONTAINER = unsupported("kaniko runs steps as its own container runs");
const ONE_SNAPSHOT = unsupported("kaniko caches steps one by one, and takes one snapshot of all here");
const ONE_DIRECTORY = unsupported("kaniko reads one directory");
const NO_MOUNTS = unsupported("kaniko runs steps without their mounts, and says nothing");

const features: FeatureTable = {
  builder: OWN_PROCESS,
  builderKeys: OWN_PROCESS,
  platforms: ([first, ...others]) =>
    others.length > 0
      ? unsupported("kaniko builds for one platform at a time")
      : { flags: ["--custom-platform", printPlatform(first)] },
  format: (format) =>
    format === "oci"
      ? noFlag("layers of either format are brought to OCI's when the image is assembled")
      : unsupported("kaniko gives an image the format of its base image"),
  compression: ({ format, level }) =>
    format === "gzip"
      ? { flags: ["--compression", format, ...(level === undefined ? [] : ["--compression-level", String(level)])] }
      : unsupported("kaniko compresses with gzip wherever the base image is in docker's format"),
  epoch: ({ rewrite }) =>
    rewrite
      ? unsupported("kaniko rewrites the times of all layers, the base image's too, to the year 1 alone")
      : noFlag("the steps have set the files' times themselves"),
  pull: noFlag("kaniko asks the registry at every build"),
  strictBase: noFlag("the first step of an environment cannot run on a base image of another platform"),
  noCache: noFlag("kaniko caches nothing unless it is told to"),
  noCacheFilters: ONE_SNAPSHOT,
  cacheFrom: ONE_SNAPSHOT,
  cacheTo: ONE_SNAPSHOT,
  cache: ONE_SNAPSHOT,
  target: value("--target"),
  buildArgs: pairs("--build-arg"),
  cacheMounts: NO_MOUNTS,
  contexts: ONE_DIRECTORY,
  remoteContexts: ONE_DIRECTORY,
  secrets: NO_MOUNTS,
  ssh: NO_MOUNTS,
  labels: pairs("--label"),
  annotations: unsupported("kaniko annotates nothing"),
  attests: unsupported("kaniko makes no attestations"),
  addHosts: OWN_CONTAINER,
  network: OWN_CONTAINER,
  allow: OWN_CONTAINER,
  shmSize: OWN_CONTAINER,
  ulimits: OWN_CONTAINER,
  cgroupParent: OWN_CONTAINER,
  // kaniko has another name for docker.io.
  registryMirrors: (mirrors) => ({
    flags: Object.entries(mirrors).flatMap(([registry, mirror]) => [
      "--registry-map",
      `${registry === "docker.io" ? "index.docker.io" : registry}=${mirror}`,
    ]),
  }),
  insecureRegistries: each("--insecure-registry"),
  registryAuthorities: (authorities, _, { insecureRegistries = [] }) => {
    const plain = Object.keys(authorities).filter((registry) => insecureRegistries.includes(registry));
    return plain.length > 0
      ? unsupported(
          `kaniko speaks plain HTTP to ${plain.join(", ")}, as insecure-registries says, where no authority counts`,
        )
      : pairs("--registry-certificate")(authorities, { versions: {} }, {});
  },
};

/** Constructs that kaniko silently ignores are refused, like those that it cannot read. */
const dialect: DialectTable = {
  bindMount: NO_MOUNTS,
  cacheMount: NO_MOUNTS,
  secretMount: NO_MOUNTS,
  sshMount: NO_MOUNTS,
  tmpfsMount: NO_MOUNTS,
  stepNetwork: OWN_CONTAINER,
  hereDocument: unsupported("kaniko runs none of their lines, and says nothing"),
  linkedCopy: unsupported("kaniko copies as if it were not there"),
  copyOwner: "read",
  copyMode: "read",
};

/** Every push goes through a layout, so that the bytes do not depend on the registry's content. */
const deliveries: DeliveryTable = {
  push: (_, plan) => fromLayout(plan, { kind: "upload", layout: intermediateLayout(plan), to: plan.references }),
  "push-by-digest": (_, plan) => {
    const to = distinctRepositories(plan.references);
    return fromLayout(plan, { kind: "upload-by-digest", layout: intermediateLayout(plan), to });
  },
  load: (_, plan) => ({ steps: [{ kind: "load", archive: archiveOf(plan) }] }),
  layout: ({ path }) => ({ evidence: [{ kind: "layout", path }] }),
  "oci-archive": ({ path }, plan) => {
    const members = ["oci-layout", "index.json", "blobs"];
    const args = ["--create", "--file", path, "--directory", intermediateLayout(plan), ...members];
    return fromLayout(plan, { kind: "run", command: { title: "tar --create", tool: "tar", args } });
  },
  "docker-archive": () => ({}),
};

function fromLayout(plan: Plan, step: NonNullable<DeliverySteps["steps"]>[number]): DeliverySteps {
  return { steps: [step], evidence: [{ kind: "layout", path: intermediateLayout(plan) }] };
}

/** kaniko writes only one archive, which the user and the local store share. */
function archiveOf(plan: Plan): string {
  return plan.deliveries.find((delivery) => delivery.kind === "docker-archive")?.path ?? `${plan.scratch}/image.tar`;
}

function assemble({ plan, flags }: BuildInvocation): ReturnType<Backend["assemble"]> {
  const isArchived = includesDelivery(plan, "docker-archive") || includesDelivery(plan, "load");
  const isLaidOut = (["push", "push-by-digest", "layout", "oci-archive"] as const).some((kind) =>
    includesDelivery(plan, kind),
  );
  const digestFile = `${plan.kept}/image.id`;
  const args = [
    ...["--dockerfile", plan.dockerfile, "--context", `dir://${plan.context}`],
    ...flags,
    ...["--single-snapshot", "--no-push", "--digest-file", digestFile],
    ...(isLaidOut ? ["--oci-layout-path", intermediateLayout(plan)] : []),
    ...(isArchived ? ["--tar-path", archiveOf(plan)] : []),
    ...(isArchived ? plan.references.flatMap((reference) => ["--destination", printReference(reference)]) : []),
    ...plan.extraArgs,
  ];
  const evidence = [{ kind: "digest", path: digestFile, means: "root" }] as const;
  return [{ command: { title: "executor", tool: "executor", args }, evidence }];
}

function readEngine([version]: readonly Captured[]): Engine {
  if (version?.code === 0) return { versions: {}, emulation: "kernel" };
  throw new Failure("engine", "kaniko does not work on this machine", {
    lines: version === undefined ? [] : lastLines(version),
    hint: "Run the job in a container made of kaniko's image.",
  });
}

export const kaniko: Backend = {
  name: "kaniko",
  tool: "executor",
  stores: ["podman"],
  client: "podman",
  title: "kaniko's executor, in a container of its own",
  isCandidate: (builder) => builder === undefined,
  requires: [],
  installs: false,
  programs: {},
  provides: { kind: "nothing" },
  addresses: [],
  overrides: ["KANIKO_NO_PUSH", "KANIKO_REGISTRY_MIRROR", "KANIKO_REGISTRY_MAP"],
  dialect,
  layers: "single",
  cachedStep: /Using caching version of cmd/,
  questions: () => [{ args: ["version"] }],
  readEngine,
  assumed: { versions: {} },
  features,
  deliveries,
  assemble,
};
