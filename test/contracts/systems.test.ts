import { expect, it } from "vitest";
import { requireLinux } from "../../src/action/run-action.ts";

it.each([
  ["win32", "Windows"],
  ["darwin", "macOS"],
  ["freebsd", "freebsd"],
])("a runner with %s is refused by name, with what to do", (system, name) => {
  expect(() => requireLinux(system)).toThrow(
    expect.objectContaining({
      class: "platform",
      code: "LinuxOnly",
      message: `this action runs on Linux runners only, and this one has ${name}`,
      hint: expect.stringContaining("runs-on: ubuntu-latest"),
    }),
  );
});

it("a runner with Linux is not", () => {
  expect(() => requireLinux("linux")).not.toThrow();
});
