import { type Figure, printFigures } from "./figure.ts";

/** What a section of the bench has to say. */
export interface Report {
  readonly text: string;
  /** For the JSON. */
  readonly data: unknown;
  /** SVG. */
  readonly chart?: string;
}

export function figuresReport(figures: readonly Figure[]): Report {
  return { text: printFigures(figures), data: figures };
}
