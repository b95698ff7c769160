import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Backend,
  type Delivery,
  type FeatureName,
  type Features,
  isUnsupported,
  type Plan,
} from "../../src/backends/backend.ts";
import { BACKENDS } from "../../src/backends/index.ts";
import { Failure } from "../../src/errors.ts";
import { printReference, printRepository } from "../../src/image/reference.ts";
import { INPUT_OF } from "../../src/script/answers.ts";
import { compile } from "../../src/script/compile.ts";
import { planOf } from "./plans.ts";

/** A value of every feature, different from what is always said. */
const ANOTHER: Features = {
  builder: "tcp://buildkitd:1234",
  builderKeys: { ca: "/temp/scratch/builder/ca.pem" },
  platforms: [{ os: "linux", architecture: "arm64" }],
  format: "docker",
  compression: { format: "zstd", level: 7 },
  epoch: { seconds: 1, rewrite: true },
  pull: true,
  noCache: true,
  noCacheFilters: ["environment"],
  cacheFrom: ["type=local,src=/cache"],
  cacheTo: ["type=local,dest=/cache"],
  cache: { kind: "gha", scope: "iris", write: true },
  target: "environment",
  buildArgs: { A: "1" },
  cacheMounts: "0123456789abcdef",
  contexts: [{ name: "extra", directory: "/extra" }],
  remoteContexts: { base: "docker-image://base:1" },
  secrets: [{ id: "T", path: "/temp/scratch/secrets/T" }],
  ssh: ["default"],
  labels: { a: "b" },
  annotations: { a: "b" },
  attests: { provenance: "mode=max" },
  addHosts: ["a:1.2.3.4"],
  network: "none",
  allow: ["network.host"],
  shmSize: "64m",
  ulimits: ["nofile=1:2"],
  cgroupParent: "/ci",
  strictBase: true,
  registryMirrors: { "docker.io": "mirror.example.com" },
  insecureRegistries: ["plain.example.com"],
  registryAuthorities: { "private.example.com": "/ca.pem" },
};

/** All that is refused of it, by the engines that are assumed. */
const BUILDAH: readonly FeatureName[] = [
  "cacheMounts",
  ...(["builder", "builderKeys", "noCacheFilters", "cacheFrom", "cacheTo", "cache", "attests", "allow"] as const),
];
const REFUSED: Readonly<Record<string, readonly FeatureName[]>> = {
  docker: ["builder", "builderKeys"],
  buildx: [],
  podman: BUILDAH,
  buildah: BUILDAH,
  nerdctl: ["builderKeys", "noCacheFilters", "shmSize", "ulimits", "cgroupParent"],
  buildctl: [],
};

function refusalLines(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect([error.class, error.code]).toEqual(["input", "Unsupported"]);
    return error.lines;
  }
  throw new Error("nothing was refused");
}

const DELIVERIES: readonly Delivery[] = [
  { kind: "push" },
  { kind: "push-by-digest" },
  { kind: "load" },
  { kind: "layout", path: "/out/layout" },
  { kind: "oci-archive", path: "/out/oci.tar" },
  { kind: "docker-archive", path: "/out/docker.tar" },
];

function say(backend: Backend, plan: Plan, builder?: string): string {
  const engine = { ...backend.assumed, ...(builder === undefined ? {} : { builder }) };
  return JSON.stringify(compile(backend, plan, engine, []).steps);
}

const anyDeliveries = fc
  .subarray([...DELIVERIES], { minLength: 1 })
  .map(([first = { kind: "push" as const }, ...others]): [Delivery, ...Delivery[]] => [first, ...others]);

describe.each(BACKENDS)("$name", (backend) => {
  it("says the same of the same plan", () => {
    fc.assert(
      fc.property(anyDeliveries, (deliveries) => {
        const plan = planOf({}, deliveries);
        expect(say(backend, plan)).toBe(say(backend, plan));
      }),
    );
  });

  /** What a builder is told when it is made stands in no later command. */
  const before: readonly FeatureName[] = backend.nodesOf === undefined ? [] : ["builderKeys"];
  const names = (Object.keys(ANOTHER) as FeatureName[]).filter((name) => !before.includes(name));

  it.each(names)("answers %s: other words, or the refusal that is known of it, with who can", (name) => {
    const builder = name === "builder" ? ANOTHER.builder : undefined;
    const answer = () => say(backend, planOf({ [name]: ANOTHER[name] }, [{ kind: "push" }]), builder);
    const refusing = BACKENDS.filter((one) => REFUSED[one.name]?.includes(name));
    if (!refusing.includes(backend)) {
      expect(answer()).not.toBe(say(backend, planOf({}, [{ kind: "push" }])));
      return;
    }
    const able = BACKENDS.filter((one) => !refusing.includes(one)).map((one) => one.name);
    const who = able.length === 0 ? "no backend can" : `${able.join(", ")} can`;
    const [line] = refusalLines(answer);
    expect(line?.startsWith(`${INPUT_OF[name]}: `)).toBe(true);
    expect(line?.endsWith(` (${who})`)).toBe(true);
    // Between them a reason of several words.
    expect(line?.slice(`${INPUT_OF[name]}: `.length, -` (${who})`.length)).toMatch(/\w+ \w+/);
  });

  it("delivers every tag of a push exactly once", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), anyDeliveries, (count, deliveries) => {
        const tags = Array.from({ length: count }, (_, index) => `registry.example.com/acme/iris:v${index}`);
        const [first = "", ...others] = tags;
        const plan = planOf(
          {},
          [{ kind: "push" }, ...deliveries.filter(({ kind }) => !kind.startsWith("push"))],
          [first, ...others],
        );
        const script = compile(backend, plan, backend.assumed, []);
        const pushed = script.steps.flatMap((step) => {
          if (step.kind === "upload" || step.kind === "copy") return step.to.map(printReference);
          const argv = step.kind === "run" ? step.command.args.filter((item) => typeof item === "string") : [];
          const output = argv.find((item) => item.includes("push=true")) ?? "";
          // nerdctl names the image by --tag and pushes only the first.
          if (step.kind === "run" && step.command.tool === "nerdctl") return output === "" ? [] : tags.slice(0, 1);
          return tags.filter((tag) => new RegExp(`[=,]${tag}["',]`).test(`${output},`));
        });
        expect(pushed.toSorted()).toEqual(tags.toSorted());
      }),
    );
  });

  it("pushes by digest to every repository exactly once, and under no tag", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), anyDeliveries, (count, deliveries) => {
        const names = Array.from({ length: count }, (_, index) => `registry.example.com/acme/iris${index}`);
        const [first = "", ...others] = names.flatMap((name) => [`${name}:v1`, `${name}:v2`]);
        const files = deliveries.filter(({ kind }) => !kind.startsWith("push") && kind !== "load");
        const plan = planOf({}, [{ kind: "push-by-digest" }, ...files], [first, ...others]);
        const pushed = compile(backend, plan, backend.assumed, []).steps.flatMap((step) => {
          if (step.kind === "upload-by-digest") return step.to.map(printRepository);
          const argv = step.kind === "run" ? step.command.args.filter((item) => typeof item === "string") : [];
          const output = argv.find((item) => item.includes("push=true")) ?? "";
          return names.filter((name) => new RegExp(`[=,]${name}["',]`).test(`${output},`));
        });
        expect(pushed.toSorted()).toEqual(names.toSorted());
      }),
    );
  });

  it("makes each delivery, or refuses it and names who can", () => {
    for (const delivery of DELIVERIES) {
      const said = say(backend, planOf({}, [delivery]));
      if ("path" in delivery) expect(said).toContain(delivery.path);
    }
  });

  it("gives for a feature that it never can do the reason that its table states", () => {
    for (const name of names) {
      const cell = backend.features[name];
      if (typeof cell === "function" || !isUnsupported(cell)) continue;
      const [line = ""] = refusalLines(() => say(backend, planOf({ [name]: ANOTHER[name] }, [{ kind: "push" }])));
      expect(line).toContain(`: ${cell.unsupported} (`);
      expect(REFUSED[backend.name]).toContain(name);
    }
  });
});
