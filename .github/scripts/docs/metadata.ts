import { readFileSync } from "node:fs";
import { load } from "js-yaml";

export interface Input {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
  readonly deprecationMessage?: string;
}

/** What action.yml says. */
export interface Metadata {
  readonly inputs: Readonly<Record<string, Input>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
}

/** @param folder of an action beside the main one; that is in the top. */
export function readMetadata(folder = "."): Metadata {
  return load(readFileSync(`${folder}/action.yml`, "utf8")) as Metadata;
}

/** A Markdown table; `|` in cells is escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}
