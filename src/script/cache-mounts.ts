import { createHash } from "node:crypto";
import type { Features } from "../backends/backend.ts";
import type { Env } from "../world/world.ts";

/** Set by a user, it is obeyed. Source: moby/buildkit, frontend/dockerui/config.go */
const NAMESPACE_ARGUMENT = "BUILDKIT_CACHE_MOUNT_NS";

/**
 * The name under which this job's steps keep their cache mounts: another for each repository and, within one, for pull
 * requests, protected branches and tags, and all others. What a step leaves in a cache mount is found by later builds of
 * the same builder, so only those may share one that may as well publish in each other's name. Undefined outside GitHub,
 * and for a builder that ends with its machine and has only this job: there a name would only keep the job from finding
 * in an exported cache what jobs of other trust put there.
 * @param isLocal whether the builder is surely on this machine.
 * Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 */
export function cacheMountsOf(env: Env, buildArgs: Features["buildArgs"], isLocal: boolean): string | undefined {
  const { GITHUB_SERVER_URL: server = "", GITHUB_REPOSITORY: repository, RUNNER_ENVIRONMENT: runner } = env;
  if (!repository || buildArgs[NAMESPACE_ARGUMENT] !== undefined) return undefined;
  if (isLocal && runner === "github-hosted") return undefined;
  return createHash("sha256")
    .update([server, repository, trustOf(env)].join("\n"))
    .digest("hex")
    .slice(0, 16);
}

/** `pull_request_target` runs with the base's rights, but builds what the pull request brings as often as not. */
function trustOf({ GITHUB_EVENT_NAME: event = "", GITHUB_REF_PROTECTED: isProtected }: Env): string {
  if (event.startsWith("pull_request")) return "pull request";
  return isProtected === "true" ? "protected" : "unprotected";
}
