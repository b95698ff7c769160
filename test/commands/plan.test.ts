import { describe, expect, it } from "vitest";
import type { Bento } from "../../src/bento/bento.ts";
import { DEFAULT_EPOCH, makePlan } from "../../src/commands/plan.ts";
import { decodeInputs } from "../../src/inputs/decode.ts";
import { printReference } from "../../src/oci/reference.ts";
import { BASE_CHECK_LINE } from "../../src/recipe/dockerfile/base-check.ts";
import type { ImageSource } from "../../src/recipe/source.ts";
import { enclosureOf } from "../fakes/enclosed.ts";

const BENTO = { tag: { name: "iris", version: "v1" }, creationTime: new Date("2026-11-21T01:44:01.9Z") } as Bento;
const SOURCE = {
  dockerfile: "FROM python:3.12-slim\nRUN --mount=type=cache,target=/c pip install iris\n",
  context: enclosureOf("/bento"),
  contexts: [{ name: "models", directory: enclosureOf("/m") }],
  resolvedBuildArgs: ["BENTO_USER"],
};

async function plan(inputs: Readonly<Record<string, string>> = {}, engine = {}, source = {}) {
  const env = Object.entries({ bento: "iris", ...inputs }).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ]);
  const paths = {
    dockerfile: "/kept/Dockerfile",
    generated: "/kept/generated",
    scratch: "/s",
    kept: "/kept",
    workspace: "/w",
  };
  const decoded = (await decodeInputs(Object.fromEntries(env))).inputs;
  return makePlan(
    decoded,
    BENTO,
    { ...SOURCE, ...source } as unknown as ImageSource,
    { versions: {}, ...engine },
    [],
    paths,
  );
}

describe("the plan", () => {
  it("says what no tool's default shall decide, and nothing else", async () => {
    expect((await plan()).features).toEqual({
      format: "oci",
      compression: { format: "gzip" },
      epoch: { seconds: DEFAULT_EPOCH, rewrite: true },
      pull: false,
      strictBase: "by-argument",
      contexts: [
        { name: "generated", directory: "/kept/generated" },
        { name: "models", directory: "/m" },
      ],
    });
  });

  it("leaves the check of the base image to a Dockerfile that asks for it", async () => {
    const dockerfile = `${BASE_CHECK_LINE}\n${SOURCE.dockerfile}`;
    expect((await plan({}, {}, { dockerfile })).features.strictBase).toBe("by-dockerfile");
  });

  it("tells what the Dockerfile holds that not every builder reads", async () => {
    expect((await plan()).constructs).toEqual(["cacheMount"]);
  });

  it("says the registries' settings, for tools that take them on their command line", async () => {
    const { features } = await plan({
      "registry-mirrors": "docker.io=mirror.example.com",
      "insecure-registries": "plain.example.com",
      "registry-authorities": "private.example.com=ca.pem",
    });
    expect(features).toMatchObject({
      registryMirrors: { "docker.io": "mirror.example.com" },
      insecureRegistries: ["plain.example.com"],
      registryAuthorities: { "private.example.com": "/w/ca.pem" },
    });
  });

  it("builds for the engine's own platform when none is named, and says so", async () => {
    const platform = { os: "linux", architecture: "arm64" };
    expect((await plan({}, { platform })).features.platforms).toEqual([platform]);
    expect((await plan({ platforms: "linux/amd64" }, { platform })).features.platforms).toEqual([
      { os: "linux", architecture: "amd64" },
    ]);
  });

  it("names the image after the Bento when there are no tags", async () => {
    expect((await plan()).references.map(printReference)).toEqual(["docker.io/library/iris:v1"]);
  });

  it.each([
    [{}, ["load"]],
    [{ push: "true", tags: "r.example/a:1" }, ["push"]],
    [{ push: "true", load: "true", tags: "r.example/a:1" }, ["push", "load"]],
    [{ output: "oci:a\ndocker-archive:b.tar" }, ["layout", "docker-archive"]],
    [{ output: "oci:a", load: "true" }, ["load", "layout"]],
  ])("delivers %j by %j", async (inputs, kinds) => {
    expect((await plan(inputs)).deliveries.map(({ kind }) => kind)).toEqual(kinds);
  });

  it("starts relative paths at the workspace", async () => {
    expect((await plan({ output: "oci:out\noci-archive:/abs/i.tar" })).deliveries).toEqual([
      { kind: "layout", path: "/w/out" },
      { kind: "oci-archive", path: "/abs/i.tar" },
    ]);
    const { contexts, remoteContexts } = (await plan({ "build-contexts": "extra=./x\nbase=docker-image://alpine:3" }))
      .features;
    expect(contexts?.at(-1)).toEqual({ name: "extra", directory: "/w/x" });
    expect(remoteContexts).toEqual({ base: "docker-image://alpine:3" });
  });

  it.each([
    ["bento", 1_795_225_441],
    ["1700000000", 1_700_000_000],
    ["0", 0],
  ])("source-date-epoch %s is %i", async (text, epoch) => {
    expect((await plan({ "source-date-epoch": text })).features.epoch?.seconds).toBe(epoch);
  });

  it.each([
    [undefined, DEFAULT_EPOCH, true],
    [DEFAULT_EPOCH, DEFAULT_EPOCH, false],
    [DEFAULT_EPOCH, 1_700_000_000, false],
    [DEFAULT_EPOCH, 0, true],
  ])("files no newer than %s, clamped to %i: the builder rewrites times: %s", async (newestTime, seconds, rewrite) => {
    const source = newestTime === undefined ? {} : { newestTime };
    const inputs = { "source-date-epoch": String(seconds) };
    expect((await plan(inputs, {}, source)).features.epoch).toEqual({ seconds, rewrite });
  });

  it("leaves out build arguments that the Dockerfile already holds", async () => {
    expect((await plan({ "build-args": "BENTO_USER=me\nA=1" })).features.buildArgs).toEqual({ A: "1" });
  });
});
