import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseChallenges } from "../../../src/registry/auth/challenge.ts";
import { fuzz } from "../../fuzz.ts";

describe("parseChallenges", () => {
  it.each([
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
      [{ scheme: "bearer", parameters: { realm: "https://auth.docker.io/token", service: "registry.docker.io" } }],
    ],
    [
      'Bearer realm="https://r/token",scope="repository:a/b:pull,push repository:c/d:pull"',
      [
        {
          scheme: "bearer",
          parameters: { realm: "https://r/token", scope: "repository:a/b:pull,push repository:c/d:pull" },
        },
      ],
    ],
    ['BASIC realm="Sonatype"', [{ scheme: "basic", parameters: { realm: "Sonatype" } }]],
    [
      'Negotiate, Basic Realm=plain , charset="UTF-8"',
      [
        { scheme: "negotiate", parameters: {} },
        { scheme: "basic", parameters: { realm: "plain", charset: "UTF-8" } },
      ],
    ],
    ['Bearer realm="a \\"quoted\\" one"', [{ scheme: "bearer", parameters: { realm: 'a "quoted" one' } }]],
    ["", []],
  ])("reads %j", (header, expected) => {
    expect(parseChallenges(header)).toEqual(expected);
  });

  it("reads back any quoted value", () =>
    fuzz(
      fc.property(fc.string(), (value) => {
        const quoted = value.replace(/["\\]/g, "\\$&");
        expect(parseChallenges(`Bearer realm="${quoted}"`)[0]?.parameters["realm"]).toBe(value);
      }),
    ));

  it("terminates for any header", async () => {
    await fuzz(fc.property(fc.string({ maxLength: 200 }), (header) => Array.isArray(parseChallenges(header))));
    parseChallenges(`Bearer realm="${"\\".repeat(100_001)}`);
  });
});
