import { describe, expect, it } from "vitest";
import { toolEnvironment } from "../../src/commands/tool-environment.ts";

describe("the environment of the tools", () => {
  it("is the step's own", () => {
    const env = {
      PATH: "/bin",
      HOME: "/home/me",
      HTTPS_PROXY: "http://p:1",
      DOCKER_HOST: "unix:///d",
      CONTAINERS_CONF: "/c",
    };
    expect(toolEnvironment(env, [], {})).toEqual(env);
  });

  it.each([
    "DOCKER_BUILDKIT",
    "DOCKER_DEFAULT_PLATFORM",
    "BUILDX_NO_DEFAULT_ATTESTATIONS",
    "BUILDX_NO_DEFAULT_LOAD",
    "BUILDAH_FORMAT",
    "BUILDAH_LAYERS",
    "SOURCE_DATE_EPOCH",
    "ACTIONS_RUNTIME_TOKEN",
    "INPUT_SECRETS",
    "INPUT_BACKEND",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "STATE_engine",
  ])("has no %s", (name) => {
    expect(toolEnvironment({ [name]: "x" }, [], {})).toEqual({});
  });

  it("says where GitHub's cache service is, and which version it has", () => {
    const env = { ACTIONS_RESULTS_URL: "https://results.example.com/", ACTIONS_CACHE_SERVICE_V2: "True" };
    expect(toolEnvironment(env, [], {})).toEqual(env);
  });

  it("has no secret of the build, and what is added wins", () => {
    const env = { TOKEN: "hush", DOCKER_CONFIG: "/mine" };
    expect(toolEnvironment(env, ["TOKEN"], { DOCKER_CONFIG: "/private" })).toEqual({ DOCKER_CONFIG: "/private" });
  });
});
