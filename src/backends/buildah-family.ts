/** What podman and buildah share: they are one builder with two command lines. */

import { isOfManifests, readAnnotation } from "../oci/annotation.ts";
import { printPlatform } from "../oci/platform.ts";
import { parseReference, printRepository } from "../oci/reference.ts";
import {
  type Cache,
  type DialectTable,
  type FeatureTable,
  type Flags,
  noFlag,
  type Pairs,
  type Render,
  type Unsupported,
  unsupported,
} from "./backend.ts";
import { each, pairs, toggle, value } from "./flags.ts";
import { registriesByConfiguration } from "./registries.ts";
import { has } from "./versions.ts";

const OWN_CACHE = "podman and buildah keep caches in repositories of a registry, one tag a step";

/** Source: containers/buildah, imagebuildah/stage_executor.go: what cannot be pushed there ends the build. */
const LOST = "the repository takes no cache";

/** A repository holds their cache, so that a tag has no meaning; BuildKit's description of one is understood. */
function repositoryFlags(flag: string): Render<readonly string[]> {
  return (caches) => {
    const named = caches.map((cache) => ({ cache, ref: /^(?:type=registry,ref=)?([^=,]+)(?:,|$)/.exec(cache)?.[1] }));
    const others = named.flatMap(({ cache, ref }) => (ref === undefined ? [cache] : []));
    if (others.length > 0) return unsupported(`${OWN_CACHE}, and take no ${others.join(" ")}`);
    return { flags: named.flatMap(({ ref = "" }) => [flag, printRepository(parseReference(ref))]) };
  };
}

function cacheFlags(cache: Cache): Flags | Unsupported {
  if (cache.kind !== "registry") return unsupported(OWN_CACHE);
  const repository = printRepository(cache.repository);
  const from = ["--cache-from", repository];
  return cache.write ? { flags: [...from, "--cache-to", repository], mayFail: LOST } : { flags: from };
}

function annotationFlags(annotations: Pairs): Flags | Unsupported {
  const keys = Object.entries(annotations).flatMap(([key, text]) =>
    readAnnotation(key).map((read) => ({ ...read, text })),
  );
  if (!keys.every(isOfManifests)) return unsupported("podman and buildah annotate manifests alone");
  return { flags: keys.flatMap(({ name, text }) => ["--annotation", `${name}=${text}`]) };
}

/** Flags of `podman build` and `buildah build`. Source: https://github.com/containers/buildah/blob/main/docs/buildah-build.1.md */
export const buildahFeatures: FeatureTable = {
  builder: unsupported("podman and buildah build in their own process"),
  builderKeys: unsupported("podman and buildah build in their own process"),
  // Several of them are several builds, each with its own; see buildah-delivery.ts.
  platforms: ([first, ...others]) =>
    others.length > 0 ? noFlag("each of the builds names its own") : { flags: ["--platform", printPlatform(first)] },
  format: (format) => ({ flags: ["--format", format] }),
  compression: ({ format }) =>
    format === "none"
      ? unsupported("podman and buildah always compress the layers of a layout")
      : noFlag("layers are kept unpacked, and compressed as the image leaves the store"),
  // Rewriting costs nothing here: the layers are being written anyway.
  epoch: ({ seconds }, engine) => ({
    flags: has(engine, "buildah", "1.41.0")
      ? ["--source-date-epoch", String(seconds), "--rewrite-timestamp"]
      : ["--timestamp", String(seconds)],
  }),
  // buildah warns, builds and exits with 0. Source: containers/buildah, imagebuildah/stage_executor.go
  strictBase: () => ({ forbids: ["does not match the expected platform"] }),
  pull: (pull) => ({ flags: [`--pull=${pull ? "always" : "missing"}`] }),
  noCache: toggle("--no-cache"),
  noCacheFilters: unsupported("podman and buildah can only leave out the cache of all stages (no-cache)"),
  cacheFrom: repositoryFlags("--cache-from"),
  cacheTo: repositoryFlags("--cache-to"),
  cache: cacheFlags,
  target: value("--target"),
  buildArgs: pairs("--build-arg"),
  // Below /var/tmp or TMPDIR, by the user id and the mount's id, which would stand in the image's history.
  // Source: containers/buildah, internal/volumes/volumes.go (CacheParent), imagebuildah/stage_executor.go (getCreatedBy)
  cacheMounts: unsupported("podman and buildah have one place for the cache mounts of a user"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => ["--build-context", `${name}=${directory}`]),
  }),
  remoteContexts: pairs("--build-context"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
  ssh: each("--ssh"),
  labels: (labels) => refuseExpansion(labels),
  annotations: annotationFlags,
  attests: unsupported("podman and buildah make no attestations"),
  addHosts: each("--add-host"),
  network: value("--network"),
  allow: unsupported("podman and buildah have no entitlements"),
  shmSize: value("--shm-size"),
  ulimits: each("--ulimit"),
  cgroupParent: value("--cgroup-parent"),
  ...registriesByConfiguration,
};

/** Source: containers/buildah, docs/buildah-build.1.md, docs/buildah.1.md. */
export const BUILDAH_OVERRIDES = ["BUILDAH_FORMAT", "BUILDAH_LAYERS"];

/** Source: containers/buildah, imagebuildah/stage_executor.go. */
export const CACHED_STEP = /^--> (?:Using cache|Cache pulled from remote) /;

/** Earlier ones (1.39.3) end with "COPY --link is not supported". Source: containers/buildah, CHANGELOG.md, 1.41.0. */
const LINKS_SINCE = "1.41.0";

/** Source: openshift/imagebuilder, dispatchers.go and containers/buildah, docs/buildah-build.1.md. */
export const BUILDAH_DIALECT: DialectTable = {
  bindMount: "read",
  cacheMount: "read",
  secretMount: "read",
  sshMount: "read",
  tmpfsMount: "read",
  stepNetwork: "read",
  hereDocument: "read",
  linkedCopy: { component: "buildah", since: LINKS_SINCE },
  copyOwner: "read",
  copyMode: "read",
};

/** Since buildah 1.29 a label goes through a LABEL instruction, where `$` expands and a newline is lost, and nothing escapes them. */
function refuseExpansion(labels: Pairs): Flags | Unsupported {
  const mangled = Object.keys(labels).filter((key) => /[$\n]/.test(labels[key] ?? ""));
  if (mangled.length > 0)
    return unsupported(`podman and buildah would change the $ or line break in ${mangled.join(", ")}`);
  return { flags: Object.entries(labels).flatMap(([key, text]) => ["--label", `${key}=${text}`]) };
}
