import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { printCommand } from "../../src/script/script.ts";

it("a printed command pastes into a shell and arrives as the same argv", () => {
  const argument = fc
    .string({ unit: "binary" })
    .filter((text) => !text.includes("\0") && !/[\ud800-\udfff]/.test(text));
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 6 }), (args) => {
      const line = printCommand("printf", ["%s\\0", ...args, "end"]);
      const seen = execFileSync("sh", ["-c", line], { encoding: "utf8" }).split("\0").slice(0, -1);
      expect(seen).toEqual([...args, "end"]);
    }),
    { numRuns: 60 },
  );
});

it("an argument that an earlier command wrote is read from its file", () => {
  expect(printCommand("podman", ["push", { contentOf: "/temp/image.id" }])).toBe('podman push "$(cat /temp/image.id)"');
});
