import { describe, expect, it } from "vitest";
import { distributionOf, type MachineFacts, mayMount, whyNoLab } from "../lab/needs.ts";

const DEBIAN: MachineFacts = {
  platform: "linux",
  arch: "x64",
  user: 0,
  distribution: "debian 12",
  mayMount: true,
  programs: ["apt-get", "flock", "go"],
};

describe("the lab", () => {
  it("can be had by root on Debian 12 with Go", () => {
    expect(whyNoLab(DEBIAN)).toBeUndefined();
  });

  it.each<[string, Partial<MachineFacts>, string]>([
    ["macOS", { platform: "darwin", distribution: "", user: 501 }, "it needs Debian 12, and this machine has darwin"],
    ["Windows", { platform: "win32", user: undefined }, "it needs Debian 12, and this machine has win32"],
    ["Ubuntu", { distribution: "ubuntu 24.04" }, "it needs Debian 12, and this machine has ubuntu 24.04"],
    ["a Linux without a name", { distribution: "" }, "it needs Debian 12, and this machine has another Linux"],
    ["a machine of arm64", { arch: "arm64" }, "it needs a machine of x64, and this one is arm64"],
    ["an ordinary user", { user: 1000 }, "it needs root: it installs packages, mounts and makes bridges"],
    ["root who may not mount", { mayMount: false }, "it needs to mount, which root may not do in a container"],
    ["a machine without Go", { programs: ["apt-get", "flock"] }, "it needs go on PATH"],
    ["a machine without programs", { programs: [] }, "it needs apt-get and flock and go on PATH"],
  ])("cannot be had by %s", (_, facts, why) => {
    expect(whyNoLab({ ...DEBIAN, ...facts })).toContain(why);
  });
});

describe("what the machine says of itself", () => {
  it("names a distribution with and without quotes", () => {
    expect(
      distributionOf('PRETTY_NAME="Debian GNU/Linux 12"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nID=debian\n'),
    ).toBe("debian 12");
    expect(distributionOf('ID="alpine"\nVERSION_ID=3.20.0\n')).toBe("alpine 3.20.0");
    expect(distributionOf("ID=arch\n")).toBe("arch");
    expect(distributionOf("")).toBe("");
  });

  it("tells from its capabilities whether it may mount", () => {
    expect(mayMount("Name:\tnode\nCapEff:\t000001ffffffffff\n")).toBe(true);
    // Those of docker's containers that are not privileged.
    expect(mayMount("CapEff:\t00000000a80425fb\n")).toBe(false);
    expect(mayMount("")).toBe(false);
  });
});
