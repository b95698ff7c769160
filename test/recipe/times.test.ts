import { describe, expect, it } from "vitest";
import { FULL_DIALECT } from "../../src/recipe/dialect.ts";
import { environmentSource, imageSource } from "../../src/recipe/dockerfile/dockerfile.ts";
import { FIXED_TIME } from "../../src/recipe/fixed-time.ts";
import type { Section, Step } from "../../src/recipe/step.ts";
import { fixTimes, newestTime } from "../../src/recipe/times.ts";
import { readRecipe } from "./bentos.ts";

const RUN: Step = { kind: "run", mounts: [], statements: ["true"] };
const COPY: Step = {
  kind: "copy",
  sources: ["src/vendor"],
  destination: "/vendor",
  owner: { uid: 1, gid: 1 },
  executable: false,
};

function sectionOf(...steps: readonly Step[]): readonly Section[] {
  return [{ comment: ["what it does"], steps }];
}

describe("The times of files that an environment's steps write", () => {
  it.each([
    "python:3.11-slim",
    "python:3.12",
    "python:3.12-slim@sha256:0000",
    "debian:bookworm-slim",
    "docker.io/library/python:3.11-slim-bookworm",
    "public.ecr.aws/docker/library/python:3.12",
    "mirror.gcr.io/nvidia/cuda:12.6.0-cudnn-runtime-ubuntu24.04",
    "nvidia/cuda:12.6.0-cudnn-runtime-ubuntu24.04",
    "continuumio/miniconda3:latest",
    "ubuntu",
  ])("are fixed by each step on %s", (base) => {
    expect(newestTime(fixTimes(sectionOf(RUN, RUN), base))).toBe(FIXED_TIME);
  });

  it.each([
    "python:3.11-alpine",
    "python:3.11-alpine3.20",
    "python:3.11-windowsservercore",
    "registry.access.redhat.com/ubi8/python-311:1",
    "nvidia/cuda:12.6.0-cudnn-runtime-ubi8",
    "continuumio/miniconda3:4.10.3p0-alpine",
    "amazonlinux:2",
    "acme/my-python",
    "public.ecr.aws/lambda/python:3.12",
    "cgr.dev/chainguard/python:latest-dev",
    "registry.suse.com/bci/python:3.12",
    "registry.example.com:5000/mirror/python:3.11-slim-bookworm",
    "localhost:5000/python",
    "acme/python:3.11-slim",
    "python@sha256:0000",
    "mcr.microsoft.com/devcontainers/miniconda3",
    "acme/base:python",
  ])("are left to the builder on %s, whose tools may differ", (base) => {
    expect(fixTimes(sectionOf(RUN), base)).toEqual(sectionOf(RUN));
    expect(newestTime(fixTimes(sectionOf(RUN), base))).toBeUndefined();
  });

  it("are left to the builder if files are copied between the steps", () => {
    expect(fixTimes(sectionOf(RUN, COPY), "python:3.11-slim")).toEqual(sectionOf(RUN, COPY));
  });

  it("are not fixed for the whole image, whose copied files have their own times", async () => {
    const recipe = await readRecipe("sklearn iris_classifier:bkemozxfjwqs2ax4");
    expect(environmentSource(recipe, { dialect: FULL_DIALECT }).newestTime).toBe(FIXED_TIME);
    expect(imageSource(recipe).newestTime).toBeUndefined();
  });
});
