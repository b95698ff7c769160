import { describe, expect, it } from "vitest";
import { planOf } from "../../.github/scripts/test/plan.ts";

const WHY = "it needs root";
const ABLE = { platform: "linux", whyNoLab: undefined };
const UNABLE = { platform: "linux", whyNoLab: WHY };

describe("npm test", () => {
  it("runs the lab where the machine can have it, without its long tests", () => {
    expect(planOf([], {}, ABLE)).toEqual({ projects: ["unit", "dist", "lab"], full: false });
  });

  it("runs everything else where it cannot, and that is well", () => {
    const leftOut = { what: "the lab, six real engines", because: WHY, isFailure: false };
    expect(planOf([], {}, UNABLE)).toEqual({ projects: ["unit", "dist"], full: false, leftOut });
  });

  it.each(["darwin", "win32"])("on %s runs what needs no Linux", (platform) => {
    expect(planOf([], {}, { platform, whyNoLab: WHY })).toMatchObject({
      projects: ["unit"],
      leftOut: { what: expect.stringContaining("the bundles"), isFailure: false },
    });
  });

  it.each([
    ["--lab", ["--lab"], {}],
    ["--full", ["--full"], {}],
    ["CI=true", [], { CI: "true" }],
    ["CI=1", [], { CI: "1" }],
  ])("with %s takes a missing lab for a failure, and still runs everything else", (_, args, env) => {
    const plan = { projects: ["unit", "dist"], leftOut: { because: WHY, isFailure: true } };
    expect(planOf(args, env, UNABLE)).toMatchObject(plan);
  });

  it.each(["", "false"])("takes CI=%s for no machine of CI", (value) => {
    expect(planOf([], { CI: value }, UNABLE).leftOut?.isFailure).toBe(false);
  });

  it("with --full runs the long tests too", () => {
    expect(planOf(["--full"], {}, ABLE)).toEqual({ projects: ["unit", "dist", "lab"], full: true });
  });

  it("refuses an argument that it does not know", () => {
    expect(() => planOf(["--quick"], {}, ABLE)).toThrow("not --quick");
  });
});
