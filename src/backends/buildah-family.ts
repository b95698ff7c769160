/** What podman and buildah share: they are one builder with two command lines, and both push exact bytes by way of an OCI layout. */

import type { Compression } from "../image/compression.ts";
import { printPlatform } from "../image/platform.ts";
import { distinctRepositories, printReference } from "../image/reference.ts";
import {
  type Argv,
  type Backend,
  type Call,
  type DeliveryTable,
  type Engine,
  type FeatureTable,
  type Pairs,
  type Plan,
  type Step,
  type Unsupported,
  unsupported,
  type Way,
  type Words,
} from "./backend.ts";
import { passingLayout, wants } from "./buildkit.ts";
import { each, has, pairs, value } from "./words.ts";

const OWN_CACHE = "podman and buildah keep layers in registries, one tag a step, and take no type=…";

/** Flags of `podman build` and `buildah build`. Source: https://github.com/containers/buildah/blob/main/docs/buildah-build.1.md */
export const buildahFeatures: FeatureTable = {
  builder: unsupported("podman and buildah build in their own process"),
  platforms: (platforms) =>
    platforms.length > 1
      ? unsupported("podman and buildah build one platform a command")
      : { flags: ["--platform", printPlatform(platforms[0])] },
  format: (format) => ({ flags: ["--format", format] }),
  // Layers are kept unpacked; they are compressed as the image leaves the store, see `exportFlags`.
  compression: ({ format }) =>
    format === "none" ? unsupported("podman and buildah always compress the layers of a layout") : {},
  epoch: (epoch, engine) => ({
    flags: has(engine, "buildah", "1.41.0")
      ? ["--source-date-epoch", String(epoch), "--rewrite-timestamp"]
      : ["--timestamp", String(epoch)],
  }),
  // buildah warns, builds and exits with 0. Source: containers/buildah, imagebuildah/stage_executor.go
  strictBase: () => ({ forbids: ["does not match the expected platform"] }),
  pull: (pull) => ({ flags: [`--pull=${pull ? "always" : "missing"}`] }),
  noCache: (noCache) => ({ flags: noCache ? ["--no-cache"] : [] }),
  noCacheFilters: unsupported("podman and buildah can only leave out the cache of all stages (no-cache)"),
  cacheFrom: unsupported(OWN_CACHE),
  cacheTo: unsupported(OWN_CACHE),
  target: value("--target"),
  buildArgs: pairs("--build-arg"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => ["--build-context", `${name}=${directory}`]),
  }),
  remoteContexts: pairs("--build-context"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
  ssh: each("--ssh"),
  labels: (labels) => refuseExpansion(labels),
  annotations: pairs("--annotation"),
  addHosts: each("--add-host"),
  network: value("--network"),
  allow: unsupported("podman and buildah have no entitlements"),
  shmSize: value("--shm-size"),
  ulimits: each("--ulimit"),
  cgroupParent: value("--cgroup-parent"),
};

/** Source: containers/buildah 1.37, add.go and imagebuildah/stage_executor.go; earlier ones stop at the flag. */
export function takesLinks(engine: Engine): boolean {
  return has(engine, "buildah", "1.37.0");
}

/** Since buildah 1.29 a label goes through a LABEL instruction, where `$` expands and a newline is lost, and nothing escapes them. */
function refuseExpansion(labels: Pairs): Words | Unsupported {
  const mangled = Object.keys(labels).filter((key) => /[$\n]/.test(labels[key] ?? ""));
  if (mangled.length > 0)
    return unsupported(`podman and buildah would change the $ or line break in ${mangled.join(", ")}`);
  return { flags: Object.entries(labels).flatMap(([key, text]) => ["--label", `${key}=${text}`]) };
}

/** Compression is said, never left to what the destination happens to hold: the digest must not depend on where the image goes. */
function exportFlags(compression: Compression | undefined): Argv {
  const { format = "gzip", level } = compression ?? {};
  return [
    ...["--compression-format", format, "--force-compression"],
    ...(level === undefined ? [] : ["--compression-level", String(level)]),
  ];
}

function idFile(plan: Plan): string {
  return `${plan.kept}/image.id`;
}

function exportStep(tool: string, plan: Plan, destination: string): Step {
  const args = ["push", ...exportFlags(plan.features.compression), { contentOf: idFile(plan) }, destination];
  return { kind: "run", command: { title: `${tool} push ${destination.split(":")[0] ?? destination}`, tool, args } };
}

/** Name of the one image inside a layout or archive. */
function innerName(plan: Plan): string {
  return plan.references[0].tag ?? "latest";
}

function toLayout(
  tool: string,
  plan: Plan,
): { readonly steps: readonly Step[]; readonly evidence: NonNullable<Way["evidence"]> } {
  const path = passingLayout(plan);
  return { steps: [exportStep(tool, plan, `oci:${path}:${innerName(plan)}`)], evidence: [{ kind: "layout", path }] };
}

/** In `oci:path:name` the first colon ends the path. Source: containers/image, docs/containers-transports.5.md */
function withoutColon<D extends { readonly path: string }>(deliver: (delivery: D, plan: Plan) => Way) {
  return (delivery: D, plan: Plan): Way | Unsupported =>
    delivery.path.includes(":")
      ? unsupported(`podman and buildah read ${delivery.path} only up to its colon`)
      : deliver(delivery, plan);
}

export function buildahDeliveries(tool: string): DeliveryTable {
  return {
    push: (_, plan): Way => {
      const { steps, evidence } = toLayout(tool, plan);
      return { steps: [...steps, { kind: "upload", layout: passingLayout(plan), to: plan.references }], evidence };
    },
    "push-by-digest": (_, plan): Way => {
      const { steps, evidence } = toLayout(tool, plan);
      const to = distinctRepositories(plan.references);
      return { steps: [...steps, { kind: "upload-by-digest", layout: passingLayout(plan), to }], evidence };
    },
    // The build itself names the image in the local store; see `assembleBuildah`.
    load: (): Way => ({}),
    layout: withoutColon((_, plan) => toLayout(tool, plan)),
    "oci-archive": withoutColon(({ path }, plan) => ({
      steps: [exportStep(tool, plan, `oci-archive:${path}:${innerName(plan)}`)],
      evidence: [{ kind: "oci-archive", path }],
    })),
    "docker-archive": withoutColon(({ path }, plan) => ({
      steps: [
        {
          kind: "run",
          command: {
            title: `${tool} push docker-archive`,
            tool,
            args: ["push", { contentOf: idFile(plan) }, `docker-archive:${path}:${printReference(plan.references[0])}`],
          },
        },
      ],
    })),
  };
}

/** Flags stand before the context everywhere: buildah takes none after it. */
export function assembleBuildah(tool: string): (call: Call) => ReturnType<Backend["assemble"]> {
  return ({ plan, flags }) => {
    const names = wants(plan, "load")
      ? plan.references.flatMap((reference) => ["--tag", printReference(reference)])
      : [];
    const args = [
      ...["build", "--layers=true", "--identity-label=false", "--file", plan.dockerfile],
      ...flags,
      ...names,
      ...["--iidfile", idFile(plan)],
      ...plan.extraArgs,
      plan.context,
    ];
    return [
      {
        command: { title: `${tool} build`, tool, args },
        evidence: [{ kind: "digest", path: idFile(plan), means: "config" }],
      },
    ];
  };
}
