/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: Unit;
  /** What it stands against, measured in the same run, in the same unit. */
  readonly against?: { readonly name: string; readonly value: number };
  /** The most it may be, in the same unit. */
  readonly budget?: number;
  /** The least it may be, in the same unit. */
  readonly floor?: number;
}

export type Unit =
  | "ms"
  | "s"
  | "MiB"
  | "KiB"
  | "KB"
  | "bytes"
  | "processes"
  | "requests"
  | "builds"
  | "MiB/s"
  | "×"
  | "%";

const WHOLE: readonly Unit[] = ["bytes", "processes", "requests", "builds"];

/** Figures as a table. */
export function printFigures(figures: readonly Figure[]): string {
  return printTable(["", "figure", "against", "ratio", "budget", ""], figures.map(cellsOf));
}

/** Lines of a table of Markdown: readable in a terminal, ready for docs/performance.md. */
export function printTable(headings: readonly string[], lines: readonly (readonly string[])[]): string {
  const rows = [headings, ...lines];
  const widths = headings.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? "").length)));
  const [heading = "", ...printed] = rows.map((row) => line(row.map((cell, at) => cell.padEnd(widths[at] ?? 0))));
  return [heading, line(widths.map((width) => "-".repeat(width))), ...printed].join("\n");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function cellsOf({ what, value, unit, against, budget, floor }: Figure): readonly string[] {
  return [
    what,
    amount(value, unit),
    against === undefined ? "" : `${amount(against.value, unit)} (${against.name})`,
    against === undefined ? "" : ratioOf(value, against.value),
    boundOf({ unit, budget, floor }),
    markOf({ value, budget, floor }),
  ];
}

interface Bounds {
  readonly budget: number | undefined;
  readonly floor: number | undefined;
}

function boundOf({ unit, budget, floor }: Bounds & { readonly unit: Unit }): string {
  if (floor !== undefined) return `≥ ${amount(floor, unit)}`;
  return budget === undefined ? "" : `≤ ${amount(budget, unit)}`;
}

/** Never a verdict of a program's: a person reads it, on a machine that may be busy. What was not measured has no mark. */
function markOf({ value, budget, floor }: Bounds & { readonly value: number }): string {
  if (Number.isNaN(value) || (budget === undefined && floor === undefined)) return "";
  return value <= (budget ?? value) && value >= (floor ?? value) ? "✓" : "✗";
}

function ratioOf(value: number, base: number): string {
  const ratio = value / base;
  return ratio >= 0.01 || ratio === 0 ? `${ratio.toFixed(2)} ×` : `${ratio.toPrecision(2)} ×`;
}

/** `12.3 MiB`, `not measured` of NaN. */
export function amount(value: number, unit: Unit): string {
  if (Number.isNaN(value)) return "not measured";
  return `${digitsOf(value, unit)} ${unit}`;
}

function digitsOf(value: number, unit: Unit): string {
  if (Math.abs(value) >= 100 || WHOLE.includes(unit)) return Math.round(value).toLocaleString("en");
  if (unit === "×" || unit === "%" || unit === "s")
    return Math.abs(value) < 10 ? value.toPrecision(2) : value.toFixed(1);
  return value.toFixed(1);
}
