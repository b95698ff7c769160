import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { runSmallAction } from "./small-action.ts";

const HOSTILE = '$(touch pwned) `touch pwned` %0A ::set-output name=matrix::x" \\';

describe("the matrix", () => {
  it("goes to every output of its action.yml, without any program on PATH", async () => {
    const run = await runSmallAction("matrix", { platforms: "linux/amd64,linux/arm64", "fail-fast": "true" });
    expect([run.code, run.failure]).toEqual([0, undefined]);
    const manifest = await readFile(new URL("../../matrix/action.yml", import.meta.url), "utf8");
    const declared = manifest.slice(manifest.indexOf("\noutputs:"), manifest.indexOf("\nruns:"));
    expect([...run.outputs.keys()]).toEqual([...declared.matchAll(/^ {2}([a-z-]+):$/gm)].map(([, name]) => name));
    expect(JSON.parse(run.outputs.get("matrix") ?? "")).toEqual({
      include: [
        { name: "linux/amd64", slug: "linux-amd64", platform: "linux/amd64", runner: "ubuntu-latest", emulated: false },
        {
          ...{ name: "linux/arm64", slug: "linux-arm64", platform: "linux/arm64" },
          ...{ runner: "ubuntu-24.04-arm", emulated: false },
        },
      ],
    });
    expect([run.workspace, run.temporary]).toEqual([[], []]);
  });

  it("finds the Bentos of the workspace by a pattern", async () => {
    const files = { "dist/iris.bento": "", "dist/greeter.bento": "", "dist/notes.txt": "" };
    const run = await runSmallAction("matrix", { platforms: "linux/amd64", bentos: "./dist/*.bento" }, files);
    expect(JSON.parse(run.outputs.get("bentos") ?? "")).toEqual({
      include: [
        { bento: "./dist/greeter.bento", image: "greeter" },
        { bento: "./dist/iris.bento", image: "iris" },
      ],
    });
    expect(run.outputs.get("count")).toBe("2");
  });

  it("fails with all mistakes at once, and with no output", async () => {
    const run = await runSmallAction("matrix", { platforms: "linux/toaster/v1/x", "fail-fast": "perhaps" });
    expect([run.code, run.outputs.size]).toEqual([1, 0]);
    expect(run.failure).toMatch(/^\[input\]/);
    expect(run.log).toContain("platforms: ");
    expect(run.log).toContain("fail-fast: ");
  });

  it("hands hostile values on as they are, and runs none of them", async () => {
    const run = await runSmallAction("matrix", {
      platforms: "linux/amd64",
      bentos: HOSTILE,
      runners: `linux=${HOSTILE}`,
    });
    expect(run.code).toBe(0);
    const [job] = JSON.parse(run.outputs.get("matrix") ?? "").include;
    expect(job).toMatchObject({ bento: HOSTILE, runner: HOSTILE });
    expect(job.slug).toMatch(/^[a-z0-9._-]+$/);
    expect(run.outputs.get("count")).toBe("1");
    expect(run.log).not.toMatch(/^::set-output/m);
    expect(run.workspace).toEqual([]);
  });

  it("keeps values with line breaks in the output they belong to", async () => {
    const run = await runSmallAction("matrix", { platforms: "linux/amd64", bentos: '"one\nmatrix<<x\n[]\nx\n"' });
    expect([...run.outputs.keys()]).toEqual(["matrix", "platforms", "bentos", "count", "fail-fast"]);
    expect(JSON.parse(run.outputs.get("matrix") ?? "").include).toHaveLength(1);
  });
});
