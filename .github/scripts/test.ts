/** Runs the checks and every test project, one after the other, and closes with the sum: `N passed, N failed`. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Tally {
  passed: number;
  failed: number;
}

function run(command: string, args: readonly string[]): boolean {
  console.log(`\n$ ${[command, ...args].join(" ")}`);
  return spawnSync(command, args, { stdio: "inherit" }).status === 0;
}

/** A project that ends without a report, or with no test run, counts as one failure. */
function runProject(project: string, reports: string): Tally {
  const file = join(reports, `${project}.json`);
  const args = ["run", "--project", project, "--reporter=verbose", "--reporter=json", `--outputFile.json=${file}`];
  const ended = run("vitest", args);
  try {
    const report: { numPassedTests: number; numFailedTests: number } = JSON.parse(readFileSync(file, "utf8"));
    const { numPassedTests: passed, numFailedTests: failed } = report;
    return { passed, failed: ended && passed > 0 ? failed : Math.max(failed, 1) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

const reports = mkdtempSync(join(tmpdir(), "bento-image-test-"));
const steps: Tally[] = [];
for (const check of ["check:types", "check:lint", "check:dead", "check:docs", "check:dist"]) {
  const passed = run("npm", ["run", "-s", check]);
  steps.push({ passed: passed ? 1 : 0, failed: passed ? 0 : 1 });
}
for (const project of ["unit", "dist", "lab"]) steps.push(runProject(project, reports));
rmSync(reports, { recursive: true });
// A developer's engines stay warm for the next run; a machine of CI is left as it was found.
if (process.env["CI"] !== undefined) {
  const down = run("node", ["test/lab/lab.ts", "down"]);
  steps.push({ passed: down ? 1 : 0, failed: down ? 0 : 1 });
}

const passed = steps.reduce((sum, step) => sum + step.passed, 0);
const failed = steps.reduce((sum, step) => sum + step.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
