import { describe, expect, it } from "vitest";
import type { Backend, Delivery, Engine } from "../../src/backends/backend.ts";
import { BACKENDS } from "../../src/backends/index.ts";
import { compile } from "../../src/commands/compile.ts";
import type { NonEmpty } from "../../src/values.ts";
import { planOf } from "./plans.ts";

const PUSH: Delivery = { kind: "push" };
const LOAD: Delivery = { kind: "load" };
const ARCHIVE: Delivery = { kind: "docker-archive", path: "/out/docker.tar" };
const LAYOUT: Delivery = { kind: "layout", path: "/out/layout" };

function backendNamed(name: string): Backend {
  const found = BACKENDS.find((backend) => backend.name === name);
  if (found === undefined) throw new Error(`no backend ${name}`);
  return found;
}

/** The digests of the metadata file that are trusted. */
function trusted(name: string, deliveries: NonEmpty<Delivery>, engine: Partial<Engine> = {}): readonly string[] {
  const backend = backendNamed(name);
  const { evidence } = compile(backend, planOf({}, deliveries), { ...backend.assumed, ...engine }, []);
  return evidence.flatMap((item) => ("trust" in item ? [item.trust] : []));
}

describe("the trusted digest of a metadata file", () => {
  it.each(["docker", "buildx", "buildctl"])("%s: is the manifest's after a push", (name) => {
    expect(trusted(name, [PUSH])).toEqual(["root"]);
  });

  it.each([
    ["docker", LAYOUT],
    ["buildx", LAYOUT],
    ["buildctl", LAYOUT],
  ] as const)("%s: is the manifest's for a layout", (name, delivery) => {
    expect(new Set(trusted(name, [PUSH, delivery]))).toEqual(new Set(["root"]));
  });

  it.each([
    ["docker", [ARCHIVE]],
    ["buildx", [ARCHIVE]],
    ["buildx", [LOAD]],
    ["buildctl", [ARCHIVE]],
  ] as const)(
    "%s: is the config's for a docker archive, which has another manifest than a registry",
    (name, deliveries) => {
      expect(trusted(name, deliveries)).toEqual(["config"]);
    },
  );

  it("docker with the classic store: is the config's without a push", () => {
    expect(trusted("docker", [LOAD], { store: "classic" })).toEqual(["config"]);
    expect(trusted("docker", [PUSH], { store: "classic" })).toEqual(["root"]);
    expect(trusted("docker", [LOAD], { store: "containerd" })).toEqual(["root"]);
  });
});
