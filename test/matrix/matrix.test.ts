import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Actions, Machine } from "../../src/machine/machine.ts";
import { planMatrix } from "../../src/matrix/matrix.ts";
import { temporaryDirectory, testMachine } from "../registry/fixture.ts";

interface Job {
  readonly platform: string;
  readonly runner: string | readonly string[];
  readonly emulated: boolean;
  readonly slug: string;
}

/** @param paths files below the workspace */
async function plan(inputs: Readonly<Record<string, string>>, paths: readonly string[] = []) {
  const workspace = await temporaryDirectory();
  for (const path of paths) {
    await mkdir(dirname(join(workspace, path)), { recursive: true });
    await writeFile(join(workspace, path), "");
  }
  const given = Object.entries({ platforms: "linux/amd64,linux/arm64", ...inputs });
  const machine = testMachine(Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])));
  const outputs: Record<string, string> = {};
  const actions: Partial<Actions> = {
    ...machine.actions,
    setOutput: (name, value) => {
      outputs[name] = value;
    },
  };
  const complete: Partial<Machine> = { ...machine, actions: actions as Actions, workspace };
  await planMatrix(complete as Machine);
  const { include }: { include: readonly Job[] } = JSON.parse(outputs["matrix"] ?? "");
  return { outputs, include, lines: machine.lines };
}

async function runnerOf(platform: string, runners: string): Promise<readonly [Job["runner"] | undefined, unknown]> {
  const [job] = (await plan({ platforms: platform, runners })).include;
  return [job?.runner, job?.emulated];
}

describe("the matrix", () => {
  it("has a job for each platform, on GitHub's runner for that platform", async () => {
    const { include, outputs, lines } = await plan({});
    expect(include).toEqual([
      { name: "linux/amd64", slug: "linux-amd64", platform: "linux/amd64", runner: "ubuntu-latest", emulated: false },
      {
        name: "linux/arm64",
        slug: "linux-arm64",
        platform: "linux/arm64",
        runner: "ubuntu-24.04-arm",
        emulated: false,
      },
    ]);
    expect(outputs).toMatchObject({ platforms: "linux/amd64,linux/arm64", count: "2", "fail-fast": "true" });
    expect(lines).toContain("linux/arm64 on ubuntu-24.04-arm");
  });

  it("marks platforms without a GitHub runner as emulated", async () => {
    const { include, lines } = await plan({ platforms: "linux/386,linux/arm/v7,linux/s390x" });
    expect(include.map(({ runner, emulated }) => [runner, emulated])).toEqual([
      ["ubuntu-latest", false],
      ["ubuntu-latest", true],
      ["ubuntu-latest", true],
    ]);
    expect(lines).toContain("linux/s390x on ubuntu-latest, emulated");
  });

  it("passes fail-fast on", async () => {
    expect((await plan({ "fail-fast": "false" })).outputs["fail-fast"]).toBe("false");
  });
});

describe("runners", () => {
  const MAP = "linux=all\nlinux/arm=arm\nlinux/arm/v7=seven\ndefault=rest";

  it.each([
    ["linux/arm/v7", "seven"],
    ["linux/arm/v6", "arm"],
    ["linux/arm64", "all"],
    ["windows/amd64", "rest"],
  ])("are chosen by the longest matching key for %s", async (platform, runner) => {
    expect((await runnerOf(platform, MAP))[0]).toBe(runner);
  });

  it("given as default take precedence over GitHub's", async () => {
    expect(await runnerOf("linux/arm64", "default=big")).toEqual(["big", false]);
  });

  it("may have several labels", async () => {
    expect(await runnerOf("linux/arm64", "linux/arm64=self-hosted, linux, ARM64")).toEqual([
      ["self-hosted", "linux", "ARM64"],
      false,
    ]);
  });

  it.each([
    ["linux/arm64", "linux=ubuntu-24.04", true],
    ["linux/amd64", "linux=self-hosted,ARM64", true],
    ["linux/amd64", "linux=self-hosted,X64", false],
    ["linux/s390x", "linux/s390x=mainframe", false],
  ])("%s on %s is emulated: %s", async (platform, runners, emulated) => {
    expect((await runnerOf(platform, runners))[1]).toBe(emulated);
  });
});

describe("several Bentos", () => {
  it("have a job for each platform of each Bento, and a second matrix for merging", async () => {
    const { include, outputs } = await plan({ bentos: "iris:1.4.0\n./dist/digits.bento" });
    expect(include.map(({ slug }) => slug)).toEqual([
      "iris-1.4.0-linux-amd64",
      "iris-1.4.0-linux-arm64",
      "digits-linux-amd64",
      "digits-linux-arm64",
    ]);
    expect(include[2]).toMatchObject({ name: "digits (linux/amd64)", bento: "./dist/digits.bento", image: "digits" });
    expect(JSON.parse(outputs["bentos"] ?? "")).toEqual({
      include: [
        { bento: "iris:1.4.0", image: "iris-1.4.0" },
        { bento: "./dist/digits.bento", image: "digits" },
      ],
    });
    expect(outputs["count"]).toBe("4");
  });

  it("are found by patterns, each once, with unique slugs", async () => {
    const paths = ["b/iris.bento", "a/iris.bento", "a/.hidden.bento", "a/notes.txt"];
    const { outputs } = await plan({ bentos: "./*/*.bento\n./b/iris.bent?" }, paths);
    const { include } = JSON.parse(outputs["bentos"] ?? "");
    expect(include).toEqual([
      { bento: "./a/iris.bento", image: "iris" },
      { bento: "./b/iris.bento", image: "iris-2" },
    ]);
  });

  it("are found quickly by a pattern of many stars, in which brackets are literal", async () => {
    const names = [`${"a".repeat(200)}.bento`, "x[1].bento", "x1.bento"];
    const { include } = await plan(
      { bentos: `${"*a".repeat(100)}*.bento\n*[1].bento`, platforms: "linux/amd64" },
      names,
    );
    expect(include).toMatchObject([{ bento: names[0] }, { bento: names[1] }]);
    await expect(plan({ bentos: `${"*a".repeat(100)}*b` }, names)).rejects.toThrow("matches no file in");
  });
});

describe("rejected inputs", () => {
  it.each([
    ["a duplicate platform", { platforms: "linux/arm64,linux/arm64/v8" }, /platforms: linux\/arm64 is given twice/],
    ["an unknown platform", { platforms: "linux/vax" }, /platforms: .*"vax" is not an architecture/],
    ["no platform", { platforms: "" }, /platforms: at least one is required/],
    ["a duplicate Bento", { bentos: "a,a" }, /bentos: a is given twice/],
    ["a pattern without a match", { bentos: "none/*.bento" }, /bentos: none\/\*\.bento matches no file/],
    ["a key that is not a platform", { runners: "arm64=x" }, /runners: "arm64" is neither/],
    ["a key without a runner", { runners: "linux=," }, /runners: linux has no runner/],
  ])("include %s", async (_, inputs, message) => {
    await expect(plan(inputs)).rejects.toThrow(message);
    await expect(plan(inputs)).rejects.toMatchObject({ class: "input" });
  });

  it("include more jobs than a matrix may have", async () => {
    const bentos = Array.from({ length: 129 }, (_, index) => `bento:${index}`).join("\n");
    await expect(plan({ bentos })).rejects.toMatchObject({
      code: "TooManyJobs",
      message: expect.stringContaining("2 platforms of 129 Bentos are 258 jobs"),
    });
  });
});
