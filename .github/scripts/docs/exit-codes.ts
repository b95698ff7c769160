import { EXIT_CODES, SIGNALS, TIME_OVER } from "../../../src/command-line/exit-code.ts";
import { table } from "./metadata.ts";

/** Exit code → classes of failures. */
export function exitCodeTable(): string {
  const codes = Object.entries(EXIT_CODES);
  const failures = Object.entries(Object.groupBy(codes, ([, code]) => code)).map(([code, found = []]) => [
    code,
    found.map(([name]) => `[\`${name}\`](troubleshooting.md#${name})`).join(", "),
  ]);
  const signals = Object.entries(SIGNALS).map(([name, code]) => [String(code), `cancelled by ${name}`]);
  const rows = [["0", "success"], ...failures, [String(TIME_OVER), "cancelled by `--timeout`"], ...signals];
  return table(
    ["Exit code", "Meaning"],
    rows.toSorted(([one], [other]) => Number(one) - Number(other)),
  );
}
