/** Each command that a page shows is read as the command line reads it, without its values of variables. */
import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { expect, it } from "vitest";
import { readArguments } from "../../src/command-line/arguments.ts";
import { COMMANDS } from "../../src/command-line/commands.ts";
import { overview } from "../../src/command-line/help.ts";
import { readMetadata } from "../../src/command-line/metadata.ts";
import { decodeSchema } from "../../src/inputs/decode-schema.ts";
import { blocksOf } from "./documents.ts";

const files = { readText: async (path: string) => readFileSync(path, "utf8") };

const CALL =
  /(?:npx (?:--yes )?github:[\w-]+\/bento-image#v1|(?<=^|[\s`(])bento-image) (build|merge|matrix) ((?:\\\n|[^\n`|>)])*)/g;

/** Words of a shell, with a value for each variable. */
function wordsOf(text: string): readonly string[] {
  const words = text.replaceAll("\\\n", " ").match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) => word.replace(/["']/g, "").replace(/\$\{?\w+\}?/g, "registry.example"));
}

const shown = blocksOf("docs/command-line.md").map(({ text }) => text);
const help = overview(
  await Promise.all(
    COMMANDS.map(async (command) => ({ command, metadata: await readMetadata(command.metadata, files) })),
  ),
);
const calls = [...shown, help]
  .flatMap((text) => [...text.matchAll(CALL)])
  .map(([, name, rest = ""]) => ({ name, rest: rest.trim() }))
  .filter(({ rest }) => rest !== "--help" && !rest.includes("[FLAGS]"));

it.each(calls)("bento-image $name $rest", async ({ name, rest }) => {
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) throw new Error(`${name} is no command`);
  const metadata = await readMetadata(command.metadata, files);
  const { env, mistakes } = await readArguments(wordsOf(rest), command, metadata, { env: {}, files });
  expect(mistakes).toEqual([]);
  await decodeSchema(command.schema, env, () => []);
});

it("the pages and the help show them", () => {
  expect(calls.length).toBeGreaterThanOrEqual(8);
});

it("the job for GitLab is YAML that runs the command", () => {
  const job = blocksOf("docs/command-line.md").find(({ language }) => language === "yml");
  expect(load(job?.text ?? "")).toMatchObject({ image: { script: [expect.stringContaining("bento-image#v1 build")] } });
});
