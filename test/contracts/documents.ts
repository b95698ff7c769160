/** The pages for users, and the blocks that they show. */
import { readdirSync, readFileSync } from "node:fs";

/** What a user reads; pages about the code show none of it. */
export const PAGES: readonly string[] = [
  "README.md",
  "examples/README.md",
  ...readdirSync("docs").map((name) => `docs/${name}`),
].filter((name) => name.endsWith(".md"));

/** A fenced block. */
export interface Block {
  readonly page: string;
  /** `docs/matrix.md:8`: the line of its fence. */
  readonly place: string;
  /** What stands behind the fence, such as `yaml`; empty for none. */
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a page, in its order. */
export function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(page, "utf8");
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(({ index, 1: language = "", 2: body = "" }) => ({
    page,
    place: `${page}:${text.slice(0, index).split("\n").length}`,
    language,
    text: body,
  }));
}

/** Whole workflows, as they can be copied into .github/workflows; all other YAML is a part of one, or something else. */
export const WORKFLOWS: readonly Block[] = PAGES.flatMap(blocksOf).filter(
  ({ language, text }) => language === "yaml" && text.startsWith("name: "),
);
