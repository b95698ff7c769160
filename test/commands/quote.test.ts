import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { printComment } from "../../src/commands/quote.ts";
import { printCommand } from "../../src/commands/script.ts";
import { asLogText } from "../../src/machine/log-text.ts";
import { foreignText } from "../fakes/foreign-text.ts";
import { commandsIn, linesOf } from "../fakes/runner.ts";

it("a printed command pastes into a shell and arrives as the same argv", () => {
  const argument = fc
    .oneof(fc.string({ unit: "binary" }), foreignText)
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

it("no line of a printed command begins with text of a value, and none is a command to the runner", () => {
  fc.assert(
    fc.property(fc.array(foreignText, { minLength: 1, maxLength: 4 }), (args) => {
      const printed = printCommand("docker", ["build", ...args]);
      expect(commandsIn(printed)).toEqual([]);
      for (const line of linesOf(printed).slice(1)) expect(line).toMatch(/^''/);
    }),
  );
  const label = printCommand("docker", ["--label", "a=b\n```\n::error::c ##[group]d"]);
  expect(label).toBe("docker --label 'a=b\n''```\n''::error::c ##''[group]d'");
  expect(asLogText(label)).toBe(label);
});

it("a comment is one line that a shell passes over", () => {
  fc.assert(
    fc.property(foreignText, (text) => {
      const comment = printComment(text);
      expect([linesOf(comment).length, comment.slice(0, 2)]).toEqual([1, "# "]);
      expect(commandsIn(comment)).toEqual([]);
    }),
  );
});

it("an argument that an earlier command wrote is read from its file", () => {
  expect(printCommand("podman", ["push", { contentOf: "/temp/image.id" }])).toBe('podman push "$(cat /temp/image.id)"');
});
