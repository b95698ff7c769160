import { describe, expect, it } from "vitest";
import { CATALOGUE, RELEASES } from "../../src/tools/catalogue.ts";
import { chooseAssets } from "../../src/tools/choose.ts";
import { TOOL_NAMES } from "../../src/tools/tool-request.ts";

const NOTHING = { tools: [], toolChecksums: {} };
const SUM = "ab".repeat(32);

describe("the catalogue", () => {
  it("contains only SHA-256 checksums, each once", () => {
    const sums = Object.values(CATALOGUE).flatMap((versions) =>
      Object.values(versions).flatMap((assets) => Object.values(assets).map(({ sha256 }) => sha256)),
    );
    for (const sum of sums) expect(sum).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(sums).size).toBe(sums.length);
  });

  it("has every tool for x64", () => {
    expect(chooseAssets(TOOL_NAMES, NOTHING, "x64").map(({ tool }) => tool)).toEqual([...TOOL_NAMES]);
  });

  it.each([
    ["buildx", "x64", "docker/buildx/releases/download/v0.36.1/buildx-v0.36.1.linux-amd64"],
    ["buildx", "arm", "docker/buildx/releases/download/v0.36.1/buildx-v0.36.1.linux-arm-v7"],
    ["buildkit", "arm64", "moby/buildkit/releases/download/v0.32.2/buildkit-v0.32.2.linux-arm64.tar.gz"],
    ["nerdctl", "x64", "containerd/nerdctl/releases/download/v2.3.5/nerdctl-2.3.5-linux-amd64.tar.gz"],
    ["nerdctl-full", "x64", "containerd/nerdctl/releases/download/v2.3.5/nerdctl-full-2.3.5-linux-amd64.tar.gz"],
    ["rootlesskit", "arm64", "rootless-containers/rootlesskit/releases/download/v3.1.0/rootlesskit-aarch64.tar.gz"],
    ["cni-plugins", "x64", "containernetworking/plugins/releases/download/v1.9.1/cni-plugins-linux-amd64-v1.9.1.tgz"],
  ] as const)("has the release's file name of %s for %s", (tool, architecture, path) => {
    expect(chooseAssets([tool], NOTHING, architecture)[0]?.path).toBe(path);
  });

  it("has a release for every tool", () => {
    expect(Object.keys(RELEASES)).toEqual([...TOOL_NAMES]);
  });
});

describe("chooseAssets", () => {
  it("chooses the newest version in the catalogue for the machine", () => {
    expect(chooseAssets(["nerdctl"], NOTHING, "arm64")[0]).toMatchObject({ version: "2.2.1", isRequested: false });
  });

  it("chooses the version that the user requested", () => {
    const tools = [{ name: "buildkit", version: "0.31.2" }] as const;
    expect(chooseAssets(["buildkit"], { ...NOTHING, tools }, "x64")[0]).toMatchObject({
      version: "0.31.2",
      isRequested: true,
    });
  });

  it("accepts an unknown version if its checksum is given", () => {
    const tools = [{ name: "nerdctl", version: "2.3.5" }] as const;
    const toolChecksums = { "nerdctl-2.3.5-linux-arm64.tar.gz": SUM };
    expect(chooseAssets(["nerdctl"], { tools, toolChecksums }, "arm64")[0]).toMatchObject({
      version: "2.3.5",
      sha256: SUM,
    });
  });

  it("rejects unknown versions and wrong checksums, all at once, even of tools that are not needed", () => {
    const tools = [
      { name: "nerdctl", version: "9.0.0" },
      { name: "buildx", version: "9.0.0" },
      { name: "buildkit", version: "0.32.2" },
    ] as const;
    const toolChecksums = { "buildkit-v0.32.2.linux-amd64.tar.gz": SUM };
    expect(() => chooseAssets(["nerdctl"], { tools, toolChecksums }, "x64")).toThrow(
      expect.objectContaining({
        class: "input",
        code: "UnknownVersion",
        lines: [
          expect.stringContaining("nerdctl-9.0.0-linux-amd64.tar.gz"),
          expect.stringContaining("buildx-v9.0.0.linux-amd64"),
          expect.stringMatching(/^tool-checksums: buildkit-v0.32.2.linux-amd64.tar.gz/),
        ],
      }),
    );
  });

  it("fails if the catalogue has no version for the machine", () => {
    expect(() => chooseAssets(["nerdctl-full"], NOTHING, "s390x")).toThrow(
      expect.objectContaining({ class: "tool", code: "NoRelease" }),
    );
  });
});
