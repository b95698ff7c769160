import { describe, expect, it } from "vitest";
import { cacheMountsOf } from "../../src/commands/cache-mounts.ts";
import type { Env } from "../../src/machine/machine.ts";

const RELEASE: Env = {
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "acme/iris",
  GITHUB_EVENT_NAME: "push",
  GITHUB_REF_PROTECTED: "true",
};

const nameOf = (env: Env): string | undefined => cacheMountsOf({ ...RELEASE, ...env }, {}, true);

describe("the cache mounts of a job", () => {
  it("are those of every job of the repository that has the same trust", () => {
    expect(nameOf({})).toMatch(/^[0-9a-f]{16}$/);
    expect(nameOf({ GITHUB_EVENT_NAME: "workflow_dispatch", GITHUB_RUN_ID: "2", GITHUB_REF: "refs/tags/v2" })).toBe(
      nameOf({}),
    );
  });

  it.each<[string, Env]>([
    ["another repository", { GITHUB_REPOSITORY: "acme/other" }],
    ["a repository of the same name elsewhere", { GITHUB_SERVER_URL: "https://github.acme.example" }],
    ["a pull request", { GITHUB_EVENT_NAME: "pull_request" }],
    ["a pull request with the base's rights", { GITHUB_EVENT_NAME: "pull_request_target" }],
    ["a comment, whose steps may build the pull request it stands at", { GITHUB_EVENT_NAME: "issue_comment" }],
    ["a workflow after another, which may build what that one left", { GITHUB_EVENT_NAME: "workflow_run" }],
    ["a dispatch from elsewhere", { GITHUB_EVENT_NAME: "repository_dispatch" }],
    ["a merge queue", { GITHUB_EVENT_NAME: "merge_group" }],
    ["an event that is not known", { GITHUB_EVENT_NAME: "new_event" }],
    ["no event", { GITHUB_EVENT_NAME: undefined }],
    ["a branch that anyone may push to", { GITHUB_REF_PROTECTED: "false" }],
  ])("are not those of %s", (_, env) => {
    expect(nameOf(env)).not.toBe(nameOf({}));
  });

  it("of a pull request are not those of a branch, whatever its protection", () => {
    const [event, open] = [{ GITHUB_EVENT_NAME: "pull_request" }, { GITHUB_REF_PROTECTED: "false" }];
    expect(nameOf({ ...event, ...open })).not.toBe(nameOf(open));
  });

  it("cannot be those of another repository by a name that is put together cleverly", () => {
    const env = { GITHUB_SERVER_URL: "https://github.com\nacme/iris", GITHUB_REPOSITORY: "protected" };
    expect(nameOf(env)).not.toBe(nameOf({}));
  });

  it("need no name where the machine goes with the job, unless the builder is elsewhere", () => {
    const hosted = { ...RELEASE, RUNNER_ENVIRONMENT: "github-hosted" };
    expect(cacheMountsOf(hosted, {}, true)).toBeUndefined();
    expect(cacheMountsOf(hosted, {}, false)).toBe(nameOf({}));
    expect(nameOf({ RUNNER_ENVIRONMENT: "self-hosted" })).toBe(nameOf({}));
  });

  it("have the name that the user gives, and none outside GitHub", () => {
    expect(cacheMountsOf(RELEASE, { BUILDKIT_CACHE_MOUNT_NS: "mine" }, true)).toBeUndefined();
    expect(cacheMountsOf({}, {}, true)).toBeUndefined();
  });
});
