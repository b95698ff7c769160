import { createHash } from "node:crypto";
import type { Features } from "../backends/backend.ts";
import type { Env } from "../machine/machine.ts";

/** A value set by the user wins. Source: moby/buildkit, frontend/dockerui/config.go */
const NAMESPACE_ARGUMENT = "BUILDKIT_CACHE_MOUNT_NS";

/**
 * The namespace of this job's cache mounts. Later builds on the same builder read what a step leaves in a cache mount, so
 * jobs share a namespace only when each may publish in the other's name: it differs by repository and, within one, for
 * protected branches and tags, for other branches and tags, and for each event that may build something else than its ref.
 * Undefined outside GitHub, and on GitHub's own runners with a local builder: such a builder serves one job only.
 * @param isLocal whether the builder is certainly on this machine.
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
 * Events whose ref is what they build. All others may build something else than their ref, which often is the default
 * branch: `pull_request_target`, `issue_comment` and `workflow_run` build a pull request or its artifacts,
 * `repository_dispatch` whatever its sender names.
 * Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
const EVENTS_OF_THEIR_REF = ["create", "push", "release", "schedule", "workflow_dispatch"];

function trustOf({ GITHUB_EVENT_NAME: event = "", GITHUB_REF_PROTECTED: isProtected }: Env): string {
  if (!EVENTS_OF_THEIR_REF.includes(event)) return `event ${event}`;
  return isProtected === "true" ? "protected" : "unprotected";
}
