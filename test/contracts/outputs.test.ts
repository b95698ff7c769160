import { readFile } from "node:fs/promises";
import { load } from "js-yaml";
import { expect, it } from "vitest";
import { outputsOf } from "../../src/report/outputs.ts";
import { reportOf } from "../report/reports.ts";

it("action.yml declares exactly the outputs that are set, in that order", async () => {
  const source = await readFile(new URL("../../action.yml", import.meta.url), "utf8");
  const { outputs } = load(source) as { readonly outputs: object };
  expect(Object.keys(outputs)).toEqual(Object.keys(outputsOf(reportOf())));
});
