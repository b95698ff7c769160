import { describe, expect, it } from "vitest";
import { type Backend, noFlag, unsupported } from "../../src/backends/backend.ts";
import { buildctl } from "../../src/backends/buildctl.ts";
import { checkFeature, checkRequired } from "./laws.ts";
import { planOf } from "./plans.ts";

function broken(features: Partial<Backend["features"]>): Backend {
  return { ...buildctl, name: "broken", features: { ...buildctl.features, ...features } };
}

describe("the laws detect a backend", () => {
  it.each<[string, Partial<Backend["features"]>]>([
    ["the format", { format: () => unsupported("no format at all") }],
    ["the platforms", { platforms: () => unsupported("no platform at all") }],
    ["what the base image is for", { strictBase: () => unsupported("no check at all") }],
  ])("that refuses %s, which every plan contains, and so every other feature too", (_, features) => {
    const backend = broken(features);
    expect(() => checkRequired(backend)).toThrow();
    expect(() => checkFeature(backend, "labels")).toThrow();
    expect(() => checkFeature(buildctl, "labels")).not.toThrow();
  });

  it("that refuses one feature because of another", () => {
    const backend = broken({
      pull: (_, __, { labels }) => (labels ? unsupported("not with labels") : { flags: ["-p"] }),
    });
    expect(() => checkRequired(backend)).not.toThrow();
    expect(() => checkFeature(backend, "labels")).toThrow();
  });

  it("that renders no flag for a feature and gives no reason", () => {
    expect(() => checkFeature(broken({ ssh: () => ({}) }), "ssh")).toThrow();
    expect(() => checkFeature(broken({ ssh: noFlag("it has the agent anyway") }), "ssh")).not.toThrow();
  });

  it("that uploads a directory that no command writes", () => {
    const [reference] = planOf({}, [{ kind: "push" }]).references;
    const push = () => ({ steps: [{ kind: "upload", layout: "/elsewhere", to: [reference] }] }) as const;
    const backend: Backend = { ...buildctl, name: "broken", deliveries: { ...buildctl.deliveries, push } };
    expect(() => checkRequired(backend)).toThrow(/upload reads what is written/);
  });

  it("that refuses a feature without a reason of at least two words", () => {
    expect(() => checkFeature(broken({ ssh: unsupported("no") }), "ssh")).toThrow();
  });
});
