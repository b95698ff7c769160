/** `docker buildx build` with any builder: its flags, its command line, and the failure if buildx is missing. */
import { Failure, ProgramMissing } from "../errors.ts";
import type { Captured } from "../machine/machine.ts";
import type { NonEmpty } from "../values.ts";
import {
  type Backend,
  type BuilderNode,
  type BuildInvocation,
  type FeatureTable,
  isAddress,
  noFlag,
  type Plan,
  unsupported,
} from "./backend.ts";
import { readNodes } from "./builder-nodes.ts";
import { metadataEvidence, printExporter } from "./buildkit.ts";
import { dockerBuildFlags } from "./docker-build-flags.ts";
import { each, joined, value } from "./flags.ts";
import { lastLines } from "./last-lines.ts";
import { registriesByConfiguration } from "./registries.ts";

/** Address schemes of the driver `remote`. Source: https://github.com/docker/buildx/blob/v0.36.1/driver/remote/util/endpoint.go */
const SCHEMES = ["docker-container:", "kube-pod:", "ssh:", "tcp:", "unix:"];

/** Sources: docker/cli and docker/buildx, docs/reference; moby/buildkit, README.md. */
export const DOCKER_OVERRIDES = [
  "DOCKER_BUILDKIT",
  "DOCKER_DEFAULT_PLATFORM",
  "DOCKER_CONTENT_TRUST",
  "BUILDKIT_PROGRESS",
  "BUILDKIT_SYNTAX",
  "BUILDX_DEFAULT_POLICY",
  "BUILDX_GIT_INFO",
  "BUILDX_GIT_LABELS",
  "BUILDX_METADATA_PROVENANCE",
  "BUILDX_METADATA_WARNINGS",
  "BUILDX_NO_DEFAULT_ATTESTATIONS",
  "BUILDX_NO_DEFAULT_LOAD",
  "BUILDX_NO_DEFAULT_OCI_ARTIFACT",
];

/** The nodes from which buildx creates a builder; undefined if the input `builder` is a name. */
export function nodesOf(builder: string): NonEmpty<BuilderNode> | undefined {
  return isAddress(builder) ? readNodes(builder) : undefined;
}

/** Flags of `docker buildx build`. Source: https://docs.docker.com/reference/cli/docker/buildx/build/ */
export const buildxFeatures = {
  ...dockerBuildFlags,
  builder: (builder) => {
    const unknown = nodesOf(builder)?.find(({ endpoint = "tcp:" }) => !SCHEMES.some((one) => endpoint.startsWith(one)));
    return unknown === undefined
      ? noFlag("the command names the detected builder")
      : unsupported(`buildx does not support the address ${unknown.endpoint}`);
  },
  builderKeys: ({ ca }) =>
    ca === undefined
      ? unsupported("buildx also needs the CA certificate (builder-ca)")
      : noFlag("buildx gets them when it creates the builder"),
  noCacheFilters: joined("--no-cache-filter"),
  addHosts: each("--add-host"),
  shmSize: value("--shm-size"),
  ulimits: each("--ulimit"),
  cgroupParent: value("--cgroup-parent"),
  ...registriesByConfiguration,
} satisfies FeatureTable;

/** Turns attestations off unless they are requested: buildx's default would turn a manifest into an index. */
function attestationsOff({ attests = {} }: Plan["features"]): readonly string[] {
  return [
    ...(attests.provenance === undefined ? ["--provenance=false"] : []),
    ...(attests.sbom === undefined ? ["--sbom=false"] : []),
  ];
}

/** `docker buildx build` in buildx's order. */
export function assembleBuildx({ plan, engine, flags, exporters }: BuildInvocation): ReturnType<Backend["assemble"]> {
  const metadata = `${plan.kept}/metadata.json`;
  const args = [
    ...["buildx", "build"],
    ...(engine.builder === undefined ? [] : ["--builder", engine.builder]),
    ...["--progress", "plain", "--file", plan.dockerfile],
    ...flags,
    ...attestationsOff(plan.features),
    // Without an output, the docker driver would load the image.
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

/** The failure for a docker without the buildx plugin. */
export function missingBuildx(answer: Captured | undefined): Failure {
  return new ProgramMissing("docker-buildx", {
    message: "docker has no buildx plugin; the legacy builder cannot build this image",
    lines: answer === undefined ? [] : lastLines(answer),
    hint: "Let the action install it (input install), install the docker-buildx-plugin package, or use the backend podman, buildah or buildctl.",
  });
}

/** The failure for podman's program under docker's name, as Debian's package podman-docker installs it. */
export function podmanAsDocker(): Failure {
  return new Failure("tool", "the program docker on this machine is podman", {
    code: "NotDocker",
    hint: "Use the backend podman.",
  });
}
