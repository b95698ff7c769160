import { describe, expect, it } from "vitest";
import { type CacheContext, cacheVariables, chooseCache } from "../../src/commands/builder-cache.ts";
import { Failure } from "../../src/errors.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import { parseReference } from "../../src/oci/reference.ts";

const SERVICE = { ACTIONS_RUNTIME_TOKEN: "hush", ACTIONS_RESULTS_URL: "https://results.example.com/" };

const CONTEXT: CacheContext = {
  bento: "iris",
  base: "python:3.11-slim",
  platforms: [parsePlatform("linux/amd64")],
  stage: "environment",
  keepsEnvironment: false,
  reference: parseReference("registry.example.com/acme/iris:1"),
  image: parseReference("registry.example.com/acme/iris:1"),
  isPushed: true,
  env: { HOME: "/home/me" },
  refusalOf: () => undefined,
};

const NOTHING = { cacheFrom: [], cacheTo: [], dryRun: false };

function choose(cache: Parameters<typeof chooseCache>[0]["cache"], context: Partial<CacheContext> = {}) {
  return chooseCache({ ...NOTHING, cache }, { ...CONTEXT, ...context });
}

function scope(context: Partial<CacheContext>): string {
  const { cache } = choose("gha", { env: SERVICE, ...context });
  return cache?.kind === "gha" ? cache.scope : "";
}

describe("cache: auto", () => {
  it("is the registry that the image is pushed to", () => {
    const { cache, description } = choose("auto", { env: SERVICE });
    expect(cache).toMatchObject({ kind: "registry", stage: "environment", write: true });
    expect(description).toMatch(
      /^registry, registry\.example\.com\/acme\/iris:bento-cache-[0-9a-f]{40}: the image is pushed there$/,
    );
  });

  it("is GitHub's service where nothing is pushed", () => {
    expect(choose("auto", { env: SERVICE, isPushed: false }).cache).toMatchObject({ kind: "gha", write: true });
  });

  it("passes over what the backend cannot do, and says why", () => {
    const refusalOf: CacheContext["refusalOf"] = ({ kind }) => (kind === "registry" ? "no such thing" : undefined);
    expect(choose("auto", { refusalOf, env: SERVICE }).cache?.kind).toBe("gha");
    expect(choose("auto", { refusalOf })).toEqual({ description: "off: no registry: no such thing" });
  });

  it("is no registry that is not believed", () => {
    expect(choose("auto", { distrust: "environment-cache: off" })).toEqual({
      description: "off: no registry: environment-cache: off",
    });
    expect(choose("registry", { distrust: "environment-cache: off" }).cache?.kind).toBe("registry");
  });

  it.each<[string, Partial<CacheContext>]>([
    ["off: the environment itself is cached in the registry", { keepsEnvironment: true }],
    ["off: nothing is pushed, and GitHub's cache service is not available", { isPushed: false }],
  ])("is %s", (description, context) => {
    expect(choose("auto", context)).toEqual({ description });
  });

  it("is off with a Dockerfile in which weights are like everything else", () => {
    const { stage: _, ...given } = CONTEXT;
    expect(chooseCache({ ...NOTHING, cache: "auto" }, given)).toEqual({
      description: expect.stringMatching(/^off: .*weights/),
    });
  });

  it("is off if cache-from or cache-to is given", () => {
    const inputs = { ...NOTHING, cache: "auto" as const, cacheFrom: ["type=local,src=/c"] };
    expect(chooseCache(inputs, CONTEXT)).toEqual({ description: "off: cache-from and cache-to are set" });
  });
});

describe("a cache that is asked for", () => {
  it("is read and not written in a registry that nothing is pushed to", () => {
    expect(choose("registry", { isPushed: false }).cache).toMatchObject({ kind: "registry", write: false });
  });

  it("lies in the user's cache directory when it is local", () => {
    const directory = expect.stringMatching(/^\/home\/me\/\.cache\/bento-image\/bento-cache-/);
    expect(choose("local").cache).toMatchObject({ directory });
  });

  it("lies in the image itself when it is inline, wherever else there is a cache", () => {
    const { cache } = choose("inline", { reference: parseReference("registry.example.com/acme/cache") });
    expect(cache).toMatchObject({ kind: "inline", image: { path: "acme/iris", tag: "1" } });
  });

  it("never gives weights to GitHub's service", () => {
    const { stage: _, ...given } = CONTEXT;
    const inputs = { ...NOTHING, cache: "gha" as const };
    expect(() => chooseCache(inputs, { ...given, env: SERVICE })).toThrow(/would store the model weights/);
  });

  it("fails where GitHub's service is not, and says what is missing", () => {
    for (const inputs of [
      { ...NOTHING, cache: "gha" as const },
      { ...NOTHING, cache: "off" as const, cacheTo: ["mode=max,type=gha"] },
    ]) {
      expect(() => chooseCache(inputs, CONTEXT)).toThrow(Failure);
    }
  });
});

describe("the scope", () => {
  it("differs between Bentos, base images and platforms, so that the jobs of a matrix do not share one", () => {
    const scopes = [
      {},
      { bento: "rose" },
      { base: "nvidia/cuda:12.6.0-runtime-ubuntu24.04" },
      { platforms: [parsePlatform("linux/arm64")] },
      { platforms: [parsePlatform("linux/amd64"), parsePlatform("linux/arm64")] },
    ].map(scope);
    expect(new Set(scopes).size).toBe(scopes.length);
  });

  it("does not depend on the order of platforms", () => {
    const [one, other] = [parsePlatform("linux/amd64"), parsePlatform("linux/arm64")];
    expect(scope({ platforms: [one, other] })).toBe(scope({ platforms: [other, one] }));
  });
});

describe("the token of GitHub's service", () => {
  it("reaches a tool exactly when the service is used", () => {
    const token = { ACTIONS_RUNTIME_TOKEN: "hush" };
    expect(cacheVariables(NOTHING, { kind: "gha", scope: "s", write: true }, SERVICE)).toEqual(token);
    expect(cacheVariables({ ...NOTHING, cacheFrom: ["type=gha,scope=x"] }, undefined, SERVICE)).toEqual(token);
    expect(cacheVariables(NOTHING, { kind: "local", directory: "/c", write: true }, SERVICE)).toEqual({});
    expect(cacheVariables({ ...NOTHING, cacheTo: ["type=registry,ref=r/gha"] }, undefined, SERVICE)).toEqual({});
  });
});
