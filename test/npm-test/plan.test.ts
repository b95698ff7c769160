import { describe, expect, it } from "vitest";
import { planOf } from "../../.github/scripts/test/plan.ts";

const WHY = "it needs root";

describe("npm test", () => {
  it("runs the lab where the machine can have it, without its long tests", () => {
    expect(planOf([], {}, undefined)).toEqual({ projects: ["unit", "dist", "lab"], full: false });
  });

  it("runs everything else where it cannot, and that is well", () => {
    const withoutLab = { because: WHY, isFailure: false };
    expect(planOf([], {}, WHY)).toEqual({ projects: ["unit", "dist"], full: false, withoutLab });
  });

  it.each([
    ["--lab", ["--lab"], {}],
    ["--full", ["--full"], {}],
    ["CI=true", [], { CI: "true" }],
    ["CI=1", [], { CI: "1" }],
  ])("with %s takes a missing lab for a failure, and still runs everything else", (_, args, env) => {
    expect(planOf(args, env, WHY)).toMatchObject({
      projects: ["unit", "dist"],
      withoutLab: { because: WHY, isFailure: true },
    });
  });

  it.each(["", "false"])("takes CI=%s for no machine of CI", (value) => {
    expect(planOf([], { CI: value }, WHY).withoutLab?.isFailure).toBe(false);
  });

  it("with --full runs the long tests too", () => {
    expect(planOf(["--full"], {}, undefined)).toEqual({ projects: ["unit", "dist", "lab"], full: true });
  });

  it("refuses an argument that it does not know", () => {
    expect(() => planOf(["--quick"], {}, undefined)).toThrow("not --quick");
  });
});
