import { createHash } from "node:crypto";
import type { Features } from "../backends/backend.ts";
import type { Env } from "../machine/machine.ts";

/** Set by a user, it is obeyed. Source: moby/buildkit, frontend/dockerui/config.go */
const NAMESPACE_ARGUMENT = "BUILDKIT_CACHE_MOUNT_NS";

/**
 * The name under which this job's steps keep their cache mounts: another for each repository and, within one, for
 * protected branches and tags, for other branches and tags, and for each event that may build something else. What a step leaves in a cache mount is found by later builds of
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

/**
 * Events whose ref is what they build. All others may build something else than the ref they are given, which often is the
 * default branch: `pull_request_target`, `issue_comment` and `workflow_run` a pull request or what its job left behind,
 * `repository_dispatch` what its sender names.
 * Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
const EVENTS_OF_THEIR_REF = ["create", "push", "release", "schedule", "workflow_dispatch"];

function trustOf({ GITHUB_EVENT_NAME: event = "", GITHUB_REF_PROTECTED: isProtected }: Env): string {
  if (!EVENTS_OF_THEIR_REF.includes(event)) return `event ${event}`;
  return isProtected === "true" ? "protected" : "unprotected";
}
