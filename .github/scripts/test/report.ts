/** What vitest's JSON report says of one project's tests. */
import { relative } from "node:path";

/** The fields that are read here. */
export interface VitestReport {
  readonly testResults: readonly { readonly name: string; readonly assertionResults: readonly VitestResult[] }[];
}

interface VitestResult {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
  /** Milliseconds; hooks are not in it. */
  readonly duration?: number | null;
  readonly tags: readonly string[];
}

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Long tests, which this run was not asked for. */
  readonly long: number;
  /** Tests that say themselves that this machine cannot run them. */
  readonly skipped: number;
  readonly timed: readonly Timed[];
}

interface Timed {
  /** The file and the names, as vitest prints them. */
  readonly test: string;
  readonly seconds: number;
}

/** A project that ended badly has at least one failure, whatever its report says, and so has one in which no test ran. */
export function tallyOf({ testResults }: VitestReport, endedWell: boolean): Tally {
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((result) => ({ ...result, file: relative(".", name) })),
  );
  const count = (status: string): number => tests.filter((test) => test.status === status).length;
  const left = tests.filter(({ status }) => !["passed", "failed"].includes(status));
  const long = left.filter(({ tags }) => tags.includes("long")).length;
  const [passed, failed] = [count("passed"), count("failed")];
  return {
    passed,
    failed: endedWell && passed > 0 ? failed : Math.max(failed, 1),
    ...{ long, skipped: left.length - long },
    timed: tests.map(({ file, ancestorTitles, title, duration }) => ({
      test: [file, ...ancestorTitles, title].filter((name) => name !== "").join(" > "),
      seconds: (duration ?? 0) / 1000,
    })),
  };
}

/** Tests in the order of their time, a line each. */
export function slowest(tests: readonly Timed[], most = 10): readonly string[] {
  const sorted = tests.toSorted((one, other) => other.seconds - one.seconds).slice(0, most);
  return sorted.map(({ test, seconds }) => `${seconds.toFixed(1).padStart(6)} s  ${test}`);
}
