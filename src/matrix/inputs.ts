import type { Schema, ValuesOf } from "../inputs/decode-schema.ts";
import { items, pairs, platforms, toggle } from "../inputs/decoder.ts";
import { parsePlatform, printPlatform } from "../oci/platform.ts";
import { duplicates } from "../values.ts";
import { DEFAULT_RUNNER } from "./runner.ts";

/** Every input of matrix/action.yml and how it is read. */
export const matrixSchema = {
  platforms: platforms("linux/amd64,linux/arm64"),
  runners: pairs("linux/arm64=ubuntu-24.04-arm"),
  bentos: items("./dist/*.bento"),
  "fail-fast": toggle(),
} satisfies Schema;

export type MatrixInputs = ValuesOf<typeof matrixSchema>;

/** Mistakes that no single input shows, one sentence each. */
export function findMatrixConflicts({ platforms: wanted, runners, bentos }: MatrixInputs): readonly string[] {
  const names = wanted.map(printPlatform);
  return [
    ...(wanted.length === 0 ? ["platforms: at least one is required (for example: linux/amd64,linux/arm64)"] : []),
    ...duplicates(names).map((name) => `platforms: ${name} is given twice`),
    ...duplicates(bentos).map((bento) => `bentos: ${bento} is given twice`),
    ...Object.entries(runners).flatMap(([prefix, runner]) => problemsOfRunner(prefix, runner)),
  ];
}

function problemsOfRunner(prefix: string, runner: string): readonly string[] {
  return [
    ...(isPrefix(prefix) ? [] : [`runners: "${prefix}" is neither the beginning of a platform nor ${DEFAULT_RUNNER}`]),
    ...(labelsOf(runner).length === 0 ? [`runners: ${prefix} has no runner`] : []),
  ];
}

/** `linux`, `linux/arm`, `linux/arm/v7`, or `default` for all others. */
function isPrefix(prefix: string): boolean {
  if (prefix === DEFAULT_RUNNER || prefix === "linux" || prefix === "windows") return true;
  if (!prefix.includes("/")) return false;
  try {
    parsePlatform(prefix);
    return true;
  } catch {
    return false;
  }
}

/** The labels of a runner, which are separated by commas. */
export function labelsOf(runner: string): readonly string[] {
  return runner
    .split(",")
    .map((label) => label.trim())
    .filter((label) => label !== "");
}
