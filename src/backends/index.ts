/** The list of backends: docs, tests and the choice of `auto` (auto.ts) are derived from it. */
import type { Backend } from "./backend.ts";
import { buildah } from "./buildah.ts";
import { buildctl } from "./buildctl.ts";
import { buildx } from "./buildx.ts";
import { docker } from "./docker.ts";
import { nerdctl } from "./nerdctl.ts";
import { podman } from "./podman.ts";

/** In the order in which `auto` prefers them. */
export const BACKENDS: readonly Backend[] = [docker, buildx, podman, buildah, nerdctl, buildctl];

export function findBackend(name: string): Backend | undefined {
  return BACKENDS.find((backend) => backend.name === name);
}
