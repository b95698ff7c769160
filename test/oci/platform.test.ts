import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure } from "../../src/errors.ts";
import { normalizePlatform, parsePlatform, printPlatform, samePlatform } from "../../src/oci/platform.ts";

describe("parsePlatform", () => {
  it.each([
    ["linux/amd64", "linux/amd64"],
    ["linux/x86_64", "linux/amd64"],
    ["linux/amd64/v1", "linux/amd64"],
    ["linux/amd64/v3", "linux/amd64/v3"],
    ["Linux/X64", "linux/amd64"],
    ["amd64", "linux/amd64"],
    ["linux/aarch64", "linux/arm64"],
    ["linux/arm64/v8", "linux/arm64"],
    ["linux/arm64/8", "linux/arm64"],
    ["linux/arm", "linux/arm/v7"],
    ["linux/arm/7", "linux/arm/v7"],
    ["linux/arm/v6", "linux/arm/v6"],
    ["linux/armhf", "linux/arm/v7"],
    ["linux/armel", "linux/arm/v6"],
    ["linux/armv7l", "linux/arm/v7"],
    ["linux/i386", "linux/386"],
    ["linux/riscv64", "linux/riscv64"],
    ["windows/amd64", "windows/amd64"],
  ])("reads %s as %s", (text, expected) => {
    expect(printPlatform(parsePlatform(text))).toBe(expected);
  });

  it.each([
    ["", "os/architecture"],
    ["linux", "the architecture is missing"],
    ["local", '"local" is not an architecture'],
    ["linux/", "os/architecture"],
    ["linux/arm/v7/x", "os/architecture"],
    ["amd64/linux", 'write "linux/amd64"'],
    ["linux/adm64", '"adm64" is not an architecture'],
    ["lnux/amd64", '"lnux" is not an operating system'],
    ["linux/amd64,linux/arm64", "os/architecture"],
  ])("refuses %s and says why", (text, reason) => {
    expect(() => parsePlatform(text)).toThrow(reason);
    try {
      parsePlatform(text);
    } catch (error) {
      expect(error).toBeInstanceOf(Failure);
      expect(error).toMatchObject({ class: "input", code: "PlatformInvalid" });
    }
  });

  it("is the inverse of printPlatform on normal forms", () => {
    const platform = fc
      .record({
        os: fc.constantFrom("linux", "windows"),
        architecture: fc.constantFrom("amd64", "arm64", "arm", "386", "s390x"),
        variant: fc.option(fc.constantFrom("v1", "v2", "v6", "v7", "v8"), { nil: undefined }),
      })
      .map(({ variant, ...rest }) => normalizePlatform(variant === undefined ? rest : { ...rest, variant }));
    fc.assert(
      fc.property(platform, (normal) => {
        expect(normalizePlatform(normal)).toEqual(normal);
        expect(samePlatform(parsePlatform(printPlatform(normal)), normal)).toBe(true);
      }),
    );
  });
});

describe("normalizePlatform", () => {
  it("keeps unknown names", () => {
    expect(normalizePlatform({ os: "unknown", architecture: "unknown" })).toEqual({
      os: "unknown",
      architecture: "unknown",
    });
  });
});
