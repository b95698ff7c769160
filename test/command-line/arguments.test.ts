import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { flagsOf } from "../../src/command-line/arguments.ts";
import { COMMANDS } from "../../src/command-line/commands.ts";
import { readMetadata } from "../../src/command-line/metadata.ts";

const files = { readText: async (path: string) => readFileSync(path, "utf8") };

it.each(COMMANDS)("$name: a flag may be repeated when its description speaks of lines or commas", async (command) => {
  const { inputs } = await readMetadata(command.metadata, files);
  const several = flagsOf(command)
    .filter(({ name }) => /one per line|per line|separated by/.test(inputs[name]?.description ?? ""))
    .filter(({ kind }) => kind !== "list" && kind !== "secret");
  expect(several.map(({ name }) => name)).toEqual([]);
});

it.each(COMMANDS)("$name: no flag stands twice, and each is in the help", (command) => {
  const names = flagsOf(command).map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
  const grouped = Object.values(command.groups).flat();
  expect(Object.keys(command.schema).filter((name) => !grouped.includes(name))).toEqual([]);
});
