/** The registry of backends: one line each; docs, laws and the choice of `auto` follow from it. */
import type { Backend } from "./backend.ts";
import { buildah } from "./buildah.ts";
import { buildctl } from "./buildctl.ts";
import { buildx } from "./buildx.ts";
import { docker } from "./docker.ts";
import { nerdctl } from "./nerdctl.ts";
import { podman } from "./podman.ts";

export const BACKENDS: readonly Backend[] = [docker, buildx, podman, buildah, nerdctl, buildctl];

/** What `auto` sets up where nothing works: it needs no daemon but its own, and neither containerd nor docker. */
export const LAST_RESORT = buildctl;

export function findBackend(name: string): Backend | undefined {
  return BACKENDS.find((backend) => backend.name === name);
}
