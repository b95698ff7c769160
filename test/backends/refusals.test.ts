import { describe, expect, it } from "vitest";
import type { Engine, Features, Plan } from "../../src/backends/backend.ts";
import { docker } from "../../src/backends/docker.ts";
import { BACKENDS } from "../../src/backends/index.ts";
import { podman } from "../../src/backends/podman.ts";
import { compile } from "../../src/commands/compile.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import { able } from "./able.ts";
import { planOf } from "./plans.ts";

const TWO_PLATFORMS: Partial<Features> = { platforms: [parsePlatform("linux/amd64"), parsePlatform("linux/arm64")] };
const ARCHIVE = { kind: "docker-archive", path: "/out/image.tar" } as const;

describe("what a tool would refuse only after the build is refused before the build", () => {
  it.each(BACKENDS)("$name: several platforms in a docker archive", (backend) => {
    const plan = planOf(TWO_PLATFORMS, [ARCHIVE]);
    expect(() => compile(backend, plan, backend.assumed, [])).toThrow(/one platform/);
  });

  it("buildctl: loading several platforms, because it loads through a docker archive", () => {
    const [buildctl] = BACKENDS.filter(({ name }) => name === "buildctl");
    const plan = planOf(TWO_PLATFORMS, [{ kind: "load" }]);
    expect(() => compile(buildctl ?? docker, plan, (buildctl ?? docker).assumed, [])).toThrow(
      new RegExp(`one platform ${able("docker", "buildx", "podman", "buildah", "nerdctl")}`),
    );
  });

  const classic: Engine = { ...docker.assumed, store: "classic" };
  it.each<[string, Plan]>([
    ["several platforms", planOf(TWO_PLATFORMS, [{ kind: "push" }])],
    ["a docker archive", planOf({}, [ARCHIVE])],
    ["an exported cache", planOf({ cacheTo: ["type=registry,ref=r/c"] }, [{ kind: "push" }])],
  ])("docker with its classic store: %s", (_, plan) => {
    expect(() => compile(docker, plan, classic, [])).toThrow(/classic image store/);
  });

  it("docker with its classic store takes an inline cache", () => {
    const plan = planOf({ cacheTo: ["type=inline"] }, [{ kind: "push" }]);
    expect(() => compile(docker, plan, classic, [])).not.toThrow();
  });

  it.each<[string, Plan, RegExp]>([
    ["several platforms", planOf(TWO_PLATFORMS, [{ kind: "push" }]), /one platform at a time/],
    ["another compression", planOf({ compression: { format: "zstd" } }, [{ kind: "push" }]), /layers with gzip/],
    ["a docker archive", planOf({}, [ARCHIVE]), /without the image's name/],
  ])("podman as the client of a remote service: %s", (_, plan, reason) => {
    const engine: Engine = { ...podman.assumed, remote: true };
    expect(() => compile(podman, plan, engine, [])).toThrow(reason);
  });

  it.each(["podman", "buildah"])("%s: a path with a colon, where it would cut the path", (name) => {
    const [backend = docker] = BACKENDS.filter((one) => one.name === name);
    const plan = planOf({}, [{ kind: "layout", path: "/out/a:b" }]);
    expect(() => compile(backend, plan, backend.assumed, [])).toThrow(
      new RegExp(`output: .*colon ${able("docker", "buildx", "nerdctl", "buildctl")}`),
    );
  });
});
