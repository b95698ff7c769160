/**
 * Runs the checks and the test projects, one after the other; then names what was left out and the ten slowest tests, and
 * closes with the sum: `N passed, N failed`. `--lab` makes a missing lab a failure; `--full` also runs the long tests.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { surveyMachine, whyNoLab } from "../../test/lab/needs.ts";
import { isCi, type Plan, type Project, planOf } from "./test/plan.ts";
import { slowest, type Tally, tallyOf } from "./test/report.ts";

const NOTHING: Tally = { passed: 0, failed: 0, long: 0, skipped: 0, timed: [] };

function run(command: string, args: readonly string[]): boolean {
  console.log(`\n$ ${[command, ...args].join(" ")}`);
  return spawnSync(command, args, { stdio: "inherit" }).status === 0;
}

function runStep(command: string, args: readonly string[]): Tally {
  return run(command, args) ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}

/** A project without a report counts as one failure. */
function runProject(project: Project, full: boolean, reports: string): Tally {
  const file = join(reports, `${project}.json`);
  const filter = [`--tags-filter=${full ? "!github" : "!long && !github"}`];
  const reporters = ["--reporter=verbose", "--reporter=json", `--outputFile.json=${file}`];
  const endedWell = run("vitest", ["run", "--project", project, ...filter, ...reporters]);
  try {
    return tallyOf(JSON.parse(readFileSync(file, "utf8")), endedWell);
  } catch {
    return { ...NOTHING, failed: 1 };
  }
}

function runAll({ projects, full, leftOut }: Plan): readonly Tally[] {
  const reports = mkdtempSync(join(tmpdir(), "bento-image-test-"));
  const steps: Tally[] = [];
  for (const check of ["check:types", "check:lint", "check:dead", "check:docs", "check:dist"]) {
    steps.push(runStep("npm", ["run", "-s", check]));
  }
  for (const project of projects) steps.push(runProject(project, full, reports));
  rmSync(reports, { recursive: true });
  if (leftOut?.isFailure === true) steps.push({ ...NOTHING, failed: 1 });
  // A developer's engines stay warm for the next run; a machine of CI is left as it was found.
  else if (leftOut === undefined && isCi(process.env)) steps.push(runStep("node", ["test/lab/lab.ts", "down"]));
  return steps;
}

function lineOf({ what, because, isFailure }: NonNullable<Plan["leftOut"]>): string {
  return `${isFailure ? "FAILED, as it was left out" : "Left out"}: ${what}; ${because}. In a container: npm run test:container`;
}

const facts = surveyMachine();
const plan = planOf(process.argv.slice(2), process.env, { platform: facts.platform, whyNoLab: whyNoLab(facts) });
const steps = runAll(plan);
const sum = (count: "passed" | "failed" | "long" | "skipped"): number =>
  steps.reduce((total, step) => total + step[count], 0);

console.log(`\nThe ten slowest tests:\n${slowest(steps.flatMap(({ timed }) => timed)).join("\n")}\n`);
if (sum("skipped") > 0)
  console.log(`Left out: ${sum("skipped")} tests that this user or machine cannot run, marked ↓ above.`);
if (sum("long") > 0) console.log(`Left out: ${sum("long")} long tests. With them: npm run test:full`);
if (plan.leftOut !== undefined) console.log(lineOf(plan.leftOut));
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = sum("failed") === 0 ? 0 : 1;
