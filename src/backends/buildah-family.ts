/** What podman and buildah share: they are one builder with two command lines. */

import { printPlatform } from "../image/platform.ts";
import { type Engine, type FeatureTable, type Pairs, type Unsupported, unsupported, type Words } from "./backend.ts";
import { each, has, pairs, value } from "./words.ts";

const OWN_CACHE = "podman and buildah keep layers in registries, one tag a step, and take no type=…";

/** Flags of `podman build` and `buildah build`. Source: https://github.com/containers/buildah/blob/main/docs/buildah-build.1.md */
export const buildahFeatures: FeatureTable = {
  builder: unsupported("podman and buildah build in their own process"),
  // Several of them are several builds, each with its own; see buildah-delivery.ts.
  platforms: ([first, ...others]) => (others.length > 0 ? {} : { flags: ["--platform", printPlatform(first)] }),
  format: (format) => ({ flags: ["--format", format] }),
  // Layers are kept unpacked; they are compressed as the image leaves the store, see buildah-delivery.ts.
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
