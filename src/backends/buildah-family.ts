/** What podman and buildah share: both build with the same library. */

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
import { isAtLeast } from "./versions.ts";

const REGISTRY_CACHE_ONLY = "podman and buildah store caches only in a registry repository, one tag per step";

/** A cache that cannot be pushed ends the build. Source: containers/buildah, imagebuildah/stage_executor.go */
const CACHE_REJECTED = "the repository rejected the cache";

/** Their cache is a whole repository, so a tag is ignored. BuildKit's form `type=registry,ref=…` is accepted too. */
function repositoryFlags(flag: string): Render<readonly string[]> {
  return (caches) => {
    const named = caches.map((cache) => ({ cache, ref: /^(?:type=registry,ref=)?([^=,]+)(?:,|$)/.exec(cache)?.[1] }));
    const others = named.flatMap(({ cache, ref }) => (ref === undefined ? [cache] : []));
    if (others.length > 0) return unsupported(`${REGISTRY_CACHE_ONLY}, and do not support ${others.join(" ")}`);
    return { flags: named.flatMap(({ ref = "" }) => [flag, printRepository(parseReference(ref))]) };
  };
}

function cacheFlags(cache: Cache): Flags | Unsupported {
  if (cache.kind !== "registry") return unsupported(REGISTRY_CACHE_ONLY);
  const repository = printRepository(cache.repository);
  const from = ["--cache-from", repository];
  return cache.write ? { flags: [...from, "--cache-to", repository], mayFail: CACHE_REJECTED } : { flags: from };
}

function annotationFlags(annotations: Pairs): Flags | Unsupported {
  const keys = Object.entries(annotations).flatMap(([key, text]) =>
    readAnnotation(key).map((read) => ({ ...read, text })),
  );
  if (!keys.every(isOfManifests)) return unsupported("podman and buildah annotate only manifests");
  return { flags: keys.flatMap(({ name, text }) => ["--annotation", `${name}=${text}`]) };
}

/** Flags of `podman build` and `buildah build`. Source: https://github.com/containers/buildah/blob/main/docs/buildah-build.1.md */
export const buildahFeatures: FeatureTable = {
  builder: unsupported("podman and buildah build in their own process"),
  builderKeys: unsupported("podman and buildah build in their own process"),
  // Several platforms are several builds, one for each; see buildah-delivery.ts.
  platforms: ([first, ...others]) =>
    others.length > 0
      ? noFlag("each platform has a build of its own, which sets it")
      : { flags: ["--platform", printPlatform(first)] },
  format: (format) => ({ flags: ["--format", format] }),
  compression: ({ format }) =>
    format === "none"
      ? unsupported("podman and buildah always compress the layers of a layout")
      : noFlag("the store keeps layers uncompressed; they are compressed on export"),
  // File times are always rewritten: it costs nothing, because the layers are written anyway.
  epoch: ({ seconds }, engine) => ({
    flags: isAtLeast(engine, "buildah", "1.41.0")
      ? ["--source-date-epoch", String(seconds), "--rewrite-timestamp"]
      : ["--timestamp", String(seconds)],
  }),
  // buildah only warns, and exits with 0. Source: containers/buildah, imagebuildah/stage_executor.go
  strictBase: () => ({ forbids: ["does not match the expected platform"] }),
  pull: (pull) => ({ flags: [`--pull=${pull ? "always" : "missing"}`] }),
  noCache: toggle("--no-cache"),
  noCacheFilters: unsupported("podman and buildah can only disable the cache of all stages (no-cache)"),
  cacheFrom: repositoryFlags("--cache-from"),
  cacheTo: repositoryFlags("--cache-to"),
  cache: cacheFlags,
  target: value("--target"),
  buildArgs: pairs("--build-arg"),
  // They are below /var/tmp or TMPDIR, by the user id and the mount's id. A separate id would appear in the image's history.
  // Source: containers/buildah, internal/volumes/volumes.go (CacheParent), imagebuildah/stage_executor.go (getCreatedBy)
  cacheMounts: unsupported("podman and buildah keep all cache mounts of a user in one directory"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => ["--build-context", `${name}=${directory}`]),
  }),
  remoteContexts: pairs("--build-context"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
  ssh: each("--ssh"),
  labels: labelFlags,
  annotations: annotationFlags,
  attests: unsupported("podman and buildah do not create attestations"),
  addHosts: each("--add-host"),
  network: value("--network"),
  allow: unsupported("podman and buildah do not support entitlements"),
  shmSize: value("--shm-size"),
  ulimits: each("--ulimit"),
  cgroupParent: value("--cgroup-parent"),
  ...registriesByConfiguration,
};

/** Source: containers/buildah, docs/buildah-build.1.md, docs/buildah.1.md. */
export const BUILDAH_OVERRIDES = ["BUILDAH_FORMAT", "BUILDAH_LAYERS"];

/** Source: containers/buildah, imagebuildah/stage_executor.go. */
export const CACHED_STEP = /^--> (?:Using cache|Cache pulled from remote) /;

/** Earlier versions (1.39.3) fail with "COPY --link is not supported". Source: containers/buildah, CHANGELOG.md, 1.41.0. */
const LINKS_SINCE = "1.41.0";

/** The oldest versions that read what generated Dockerfiles contain: contexts by name, in Debian 12's packages. Both were run. */
export const BUILDAH_MINIMUM = {
  podman: "4.3.0",
  buildah: "1.28.0",
  because: "earlier versions have no named contexts",
};

/** Earlier versions misread steps with several mounts, and here-documents. */
const SEVERAL_MOUNTS = { component: "buildah", since: "1.33.0" } as const;

/** Source: openshift/imagebuilder, dispatchers.go and containers/buildah, docs/buildah-build.1.md. */
export const BUILDAH_DIALECT: DialectTable = {
  bindMount: SEVERAL_MOUNTS,
  cacheMount: SEVERAL_MOUNTS,
  secretMount: SEVERAL_MOUNTS,
  sshMount: SEVERAL_MOUNTS,
  tmpfsMount: SEVERAL_MOUNTS,
  stepNetwork: "read",
  hereDocument: SEVERAL_MOUNTS,
  linkedCopy: { component: "buildah", since: LINKS_SINCE },
  copyOwner: "read",
  copyMode: "read",
};

/**
 * Refuses `$` and line breaks: since buildah 1.29, a label becomes a LABEL instruction, which expands `$`, loses line breaks
 * and allows no escape.
 */
function labelFlags(labels: Pairs): Flags | Unsupported {
  const mangled = Object.keys(labels).filter((key) => /[$\n]/.test(labels[key] ?? ""));
  if (mangled.length > 0)
    return unsupported(`podman and buildah would change the $ or line break in ${mangled.join(", ")}`);
  return { flags: Object.entries(labels).flatMap(([key, text]) => ["--label", `${key}=${text}`]) };
}
