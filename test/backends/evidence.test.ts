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

/** Which digest of the metadata file is believed. */
function trusted(name: string, deliveries: NonEmpty<Delivery>, engine: Partial<Engine> = {}): readonly string[] {
  const backend = backendNamed(name);
  const { evidence } = compile(backend, planOf({}, deliveries), { ...backend.assumed, ...engine }, []);
  return evidence.flatMap((item) => ("trust" in item ? [item.trust] : []));
}

describe("of a metadata file", () => {
  it.each(["docker", "buildx", "buildctl"])("%s: a push means the manifest's digest", (name) => {
    expect(trusted(name, [PUSH])).toEqual(["root"]);
  });

  it.each([
    ["docker", LAYOUT],
    ["buildx", LAYOUT],
    ["buildctl", LAYOUT],
  ] as const)("%s: a layout means the manifest's digest", (name, delivery) => {
    expect(new Set(trusted(name, [PUSH, delivery]))).toEqual(new Set(["root"]));
  });

  it.each([
    ["docker", [ARCHIVE]],
    ["buildx", [ARCHIVE]],
    ["buildx", [LOAD]],
    ["buildctl", [ARCHIVE]],
  ] as const)(
    "%s: docker's archive has another manifest than any registry, so only the config's digest is believed",
    (name, deliveries) => {
      expect(trusted(name, deliveries)).toEqual(["config"]);
    },
  );

  it("docker with the classic store: without a push, what it calls the manifest's digest is the config's", () => {
    expect(trusted("docker", [LOAD], { store: "classic" })).toEqual(["config"]);
    expect(trusted("docker", [PUSH], { store: "classic" })).toEqual(["root"]);
    expect(trusted("docker", [LOAD], { store: "containerd" })).toEqual(["root"]);
  });
});
