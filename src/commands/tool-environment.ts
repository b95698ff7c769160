import { isOfAction } from "../machine/action-variables.ts";
import type { Env } from "../machine/machine.ts";

/** Variables that would change what is built behind the inputs' back. Sources: docker/buildx docs/reference, moby/buildkit README, buildah-build(1). */
const AMBIENT = [
  "DOCKER_BUILDKIT",
  "DOCKER_DEFAULT_PLATFORM",
  "DOCKER_CONTENT_TRUST",
  "BUILDKIT_PROGRESS",
  "BUILDKIT_SYNTAX",
  "BUILDX_BUILDER",
  "BUILDX_DEFAULT_POLICY",
  "BUILDX_GIT_INFO",
  "BUILDX_GIT_LABELS",
  "BUILDX_METADATA_PROVENANCE",
  "BUILDX_METADATA_WARNINGS",
  "BUILDX_NO_DEFAULT_ATTESTATIONS",
  "BUILDX_NO_DEFAULT_LOAD",
  "BUILDX_NO_DEFAULT_OCI_ARTIFACT",
  "BUILDAH_FORMAT",
  "BUILDAH_LAYERS",
  "SOURCE_DATE_EPOCH",
];

/**
 * The environment of every tool: the step's own without the variables that would decide in the inputs' place, without
 * those that are this action's alone, and without the `hidden` ones, which are secrets of the build.
 */
export function toolEnvironment(env: Env, hidden: readonly string[], additions: Env): Env {
  const left = new Set([...AMBIENT, ...hidden]);
  const kept = Object.entries(env).filter(([name]) => !left.has(name) && !isOfAction(name));
  return { ...Object.fromEntries(kept), ...additions };
}
