import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/backends/backend.ts";
import type { FileInfo } from "../../src/machine/file-info.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import { checkEmulation } from "../../src/probe/emulation.ts";

const KERNEL: Engine = { versions: {}, platform: parsePlatform("linux/amd64"), emulation: "kernel" };
const FOREIGN = ["linux/amd64", "linux/arm64"].map(parsePlatform);

/** The kernel's text for the handler of Fedora's qemu-user-static. */
const AARCH64 = "enabled\ninterpreter /usr/bin/qemu-aarch64-static\nflags: POCF\noffset 0\nmagic 7f454c46\n";

/** The kernel's text for the handler of Debian's qemu-user-static. */
const DEBIAN = "enabled\ninterpreter /usr/libexec/qemu-binfmt/aarch64-binfmt-P\nflags: PF\noffset 0\nmagic 7f454c46\n";

/** @param handlers undefined if the kernel's handlers are not visible. */
function files(handlers: Readonly<Record<string, string>> | undefined) {
  const info: FileInfo = { kind: "file", size: 0, mode: 0o200, modified: new Date(0) };
  const names = ["register", "status", ...Object.keys(handlers ?? {})];
  return {
    info: async () => (handlers === undefined ? undefined : info),
    list: async () => names.map((name) => ({ name, kind: "file" as const })),
    readText: async (path: string) => handlers?.[path.slice(path.lastIndexOf("/") + 1)] ?? "",
  };
}

describe("an engine that relies on the kernel's emulators", () => {
  it.each([AARCH64, DEBIAN])("is accepted if the kernel has one that containers can use", async (handler) => {
    await expect(checkEmulation(FOREIGN, KERNEL, files({ "qemu-aarch64": handler }))).resolves.toBeUndefined();
  });

  it.each([
    ["the kernel has none", {}, /linux\/arm64: the kernel has no emulator qemu-aarch64/],
    ["it is for another platform", { "qemu-arm": AARCH64.replace("aarch64", "arm") }, /no emulator qemu-aarch64/],
    ["it is disabled", { "qemu-aarch64": AARCH64.replace("enabled", "disabled") }, /no emulator/],
    ["containers cannot use it", { "qemu-aarch64": AARCH64.replace("POCF", "POC") }, /lacks the flag F/],
  ])("is rejected before the build if %s", async (_, handlers, message) => {
    const check = checkEmulation(FOREIGN, KERNEL, files(handlers));
    await expect(check).rejects.toThrow(message);
    await expect(check).rejects.toMatchObject({ class: "platform", hint: expect.stringMatching(/setup-qemu-action/) });
  });

  it("needs none for its own platform and compatible ones", async () => {
    const platforms = ["linux/amd64", "linux/386"].map(parsePlatform);
    await expect(checkEmulation(platforms, KERNEL, files({}))).resolves.toBeUndefined();
  });

  it("is accepted if the kernel's handlers are not visible", async () => {
    await expect(checkEmulation(FOREIGN, KERNEL, files(undefined))).resolves.toBeUndefined();
  });
});

it("an engine with its own emulators is always accepted", async () => {
  const engine: Engine = { versions: {}, platform: parsePlatform("linux/amd64") };
  await expect(checkEmulation(FOREIGN, engine, files({}))).resolves.toBeUndefined();
});
