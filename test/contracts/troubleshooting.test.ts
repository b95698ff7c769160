import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { FAILURE_TITLES } from "../../src/errors.ts";

const PAGE = "docs/troubleshooting.md";
/** A message is quoted with `…` for the values in it; the parts between them stand in the source. */
const source = globSync("src/**/*.ts")
  .map((path) => readFileSync(path, "utf8"))
  .join("\n")
  .replaceAll("\\`", "`");
const sections = readFileSync(PAGE, "utf8").split(/^## /m).slice(1);
const messages = sections
  .filter((section) => section.includes("| Message |"))
  .flatMap((section) => [...section.matchAll(/^\| (`.+?) \| /gm)].map(([, cell = ""]) => cell));

it("has one heading for each class of failures, in their order", () => {
  expect(sections.map((section) => section.split("\n")[0])).toEqual(Object.keys(FAILURE_TITLES));
});

it.each(messages)("quotes %s as the action or the tool's diagnosis has it", (cell) => {
  const quoted = [...cell.matchAll(/``\s?(.+?)\s?``|`([^`]+)`/g)].map(([, double, single]) => double ?? single ?? "");
  const parts = quoted
    .flatMap((message) => message.split(/…|\b\d{3}\b/))
    .map((part) => part.trim())
    .filter((part) => part.length > 3);
  expect(parts.filter((part) => !source.includes(part))).toEqual([]);
});
