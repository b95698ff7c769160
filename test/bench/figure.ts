/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: Unit;
  /** What it stands against, measured in the same run, in the same unit. */
  readonly against?: { readonly name: string; readonly value: number };
  /** The most it may be, in the same unit. */
  readonly budget?: number;
}

export type Unit = "ms" | "s" | "MiB" | "KB" | "bytes" | "processes" | "MiB/s";

const HEADINGS = ["", "figure", "against", "ratio", "budget", ""] as const;

/** Figures as lines of a table of Markdown: readable in a terminal, ready for docs/performance.md. */
export function printTable(figures: readonly Figure[]): string {
  const rows = [HEADINGS, ...figures.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? "").length)));
  const [heading = "", ...lines] = rows.map((row) => line(row.map((cell, at) => cell.padEnd(widths[at] ?? 0))));
  return [heading, line(widths.map((width) => "-".repeat(width))), ...lines].join("\n");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function cellsOf({ what, value, unit, against, budget }: Figure): readonly string[] {
  return [
    what,
    amount(value, unit),
    against === undefined ? "" : `${amount(against.value, unit)} (${against.name})`,
    against === undefined ? "" : ratioOf(value, against.value),
    budget === undefined ? "" : `≤ ${amount(budget, unit)}`,
    markOf({ value, budget }),
  ];
}

/** Never a verdict of a program's: a person reads it, on a machine that may be busy. */
function markOf({ value, budget }: { readonly value: number; readonly budget: number | undefined }): string {
  if (budget === undefined) return "";
  return value <= budget ? "✓" : "✗";
}

function ratioOf(value: number, base: number): string {
  const ratio = value / base;
  return ratio >= 0.01 || ratio === 0 ? `${ratio.toFixed(2)} ×` : `${ratio.toPrecision(2)} ×`;
}

function amount(value: number, unit: Unit): string {
  const whole = Math.abs(value) >= 100 || unit === "bytes" || unit === "processes";
  return `${whole ? Math.round(value).toLocaleString("en") : value.toFixed(1)} ${unit}`;
}
