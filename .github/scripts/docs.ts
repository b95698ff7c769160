/** Writes what package.json, action.yml and the code already say into the documents, between markers; `--check` only compares. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { engineSchema } from "../../src/inputs/engine-schema.ts";
import { matrixSchema } from "../../src/matrix/inputs.ts";
import { mergeSchema } from "../../src/merging/inputs.ts";
import { autoTable } from "./docs/auto.ts";
import { badgeLines, badges } from "./docs/badges.ts";
import { exitCodeTable } from "./docs/exit-codes.ts";
import { failureTable } from "./docs/failures.ts";
import { actionTables, actionTypes, inputTables, outputTable } from "./docs/inputs.ts";
import { interopTables } from "./docs/interop.ts";
import { backendMatrix, requirementTable } from "./docs/matrix.ts";
import { readMetadata } from "./docs/metadata.ts";
import { withRepository } from "./docs/repository.ts";

type Parts = Readonly<Record<string, string>>;

/** Puts each part between `<!-- begin NAME -->` and `<!-- end NAME -->`. */
function fill(file: string, parts: Parts): string {
  return Object.entries(parts).reduce(
    (text, [name, part]) => {
      const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
      const [from, to] = [text.indexOf(begin), text.indexOf(end)];
      if (from < 0 || to < from) throw new Error(`${file} has no ${begin} … ${end}`);
      return `${text.slice(0, from + begin.length)}\n\n${part}\n\n${text.slice(to)}`;
    },
    readFileSync(file, "utf8"),
  );
}

const metadata = readMetadata();
const documents = withRepository({
  ...badges(),
  "README.md": fill("README.md", { badges: badgeLines() }),
  "docs/inputs.md": fill("docs/inputs.md", { inputs: inputTables(metadata) }),
  "docs/outputs.md": fill("docs/outputs.md", { outputs: outputTable(metadata) }),
  "docs/troubleshooting.md": fill("docs/troubleshooting.md", { failures: failureTable() }),
  "docs/command-line.md": fill("docs/command-line.md", { "exit codes": exitCodeTable() }),
  "docs/backends.md": fill("docs/backends.md", { requirements: requirementTable(), matrix: backendMatrix() }),
  "docs/setup.md": fill("docs/setup.md", {
    auto: autoTable(),
    inputs: actionTables(readMetadata("setup"), engineSchema),
  }),
  "docs/matrix.md": fill("docs/matrix.md", {
    "inputs of matrix": actionTables(readMetadata("matrix"), matrixSchema),
    "inputs of merge": actionTables(readMetadata("merge"), mergeSchema),
  }),
  "docs/interop.md": fill("docs/interop.md", { actions: interopTables(metadata) }),
  "action-types.yml": actionTypes(metadata),
});

const stale = Object.entries(documents).filter(
  ([file, text]) => !existsSync(file) || readFileSync(file, "utf8") !== text,
);
if (process.argv.includes("--check")) {
  for (const [file] of stale)
    console.error(`${file} is not what package.json, action.yml and src/ say; run \`npm run docs\` and commit it.`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [file, text] of stale) writeFileSync(file, text);
}
