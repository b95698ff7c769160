/**
 * From a service's source to an answered request: builds the Bento of examples/iris with a real BentoML, makes its image
 * with dist/main.js run as the runner runs it, pushes it to a registry on this machine, compares digests, starts the
 * image and calls the service, and writes the job's summary as a page. Takes the machine's docker, podman or nerdctl if one
 * can fetch the base image; else Debian's podman with a base image made of Debian's packages.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { heldBy } from "../../test/lab/image.ts";
import { places } from "../../test/lab/places.ts";
import { runAction } from "../../test/lab/runner.ts";
import { askService } from "../../test/lab/service.ts";
import { summaryPage } from "./summary-page.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const run = promisify(execFile);
const EXAMPLE = "examples/iris";
const FLOWERS = [
  [5.1, 3.5, 1.4, 0.2],
  [6.7, 3.1, 5.6, 2.4],
];

function tell(topic: string, text: string): void {
  console.log(`${topic.padEnd(9)} ${text}`);
}

/** The promise's value and the seconds it took. */
async function timed<T>(work: Promise<T>): Promise<readonly [T, string]> {
  const started = performance.now();
  const value = await work;
  return [value, `${((performance.now() - started) / 1000).toFixed(1)} s`];
}

/** Trains the model and freezes the service, as its developer would. @returns the Bento's tag. */
async function buildBento(bentoml: string, home: string): Promise<string> {
  const env = { ...process.env, BENTOML_HOME: home, BENTOML_DO_NOT_TRACK: "true" };
  await run(join(dirname(bentoml), "python"), ["train.py"], { cwd: EXAMPLE, env });
  const { stdout } = await run(bentoml, ["build", "--output", "tag"], { cwd: EXAMPLE, env });
  const [, tag] = /__tag__:(\S+)/.exec(stdout) ?? [];
  if (tag === undefined) throw new Error(`bentoml build printed no tag:\n${stdout}`);
  return tag;
}

interface Image {
  readonly reference: string;
  readonly digest: string;
  readonly size: number;
  /** The job's summary, as Markdown. */
  readonly summary: string;
}

async function buildImage(
  bento: string,
  home: string,
  { tool, env, registry, inputs: more }: Workshop,
): Promise<Image> {
  const reference = `${registry}/demo/${bento}`;
  const inputs = { bento, "bentoml-home": home, backend: tool, tags: reference, push: "true", ...more };
  const { code, log, outputs, summary } = await runAction(inputs, env);
  if (code !== 0) throw new Error(log.slice(-6_000));
  const images: Readonly<Record<string, { readonly size: number }>> = JSON.parse(outputs["digests"] ?? "{}");
  const size = Object.values(images).reduce((sum, image) => sum + image.size, 0);
  return { reference, digest: outputs["digest"] ?? "", size, summary };
}

async function demonstrate(workshop: Workshop, scratch: string): Promise<void> {
  const { tool, env } = workshop;
  const home = join(scratch, "bentoml");
  await mkdir(home);

  tell("Bento", `bentoml build in ${EXAMPLE} …`);
  const [bento, building] = await timed(buildBento(workshop.bentoml, home));
  tell("Bento", `${bento} in ${building}`);

  tell("image", `node dist/main.js with backend: ${tool}, push: true …`);
  const [image, making] = await timed(buildImage(bento, home, workshop));
  tell("image", `${image.reference} in ${making}, ${(image.size / 1e6).toFixed(1)} MB compressed`);
  tell("digest", image.digest);

  const held = await heldBy(image.reference);
  if (held.digest !== image.digest) throw new Error(`the registry holds ${held.digest}`);
  tell("registry", `a plain GET gives the same: ${held.digest}`);

  const call = { path: "/classify", body: { flowers: FLOWERS } };
  try {
    const answer = await askService(tool, image.reference, call, env);
    tell("service", `ready ${answer.readyAfter.toFixed(1)} s after \`${tool} run\``);
    tell("service", `POST ${call.path} ${JSON.stringify(call.body)} → ${answer.prediction}`);
    if (String(JSON.parse(answer.prediction)) !== "setosa,virginica") throw new Error("that is not the right answer");
  } finally {
    await run(tool, ["rmi", "--force", image.reference], { env });
  }

  tell("summary", await writePage(image.summary, bento));
  tell("next", "README.md: the same in a repository of yours, in three steps");
  tell("next", "node dist/bento-image.js build --help: the same on this machine, without GitHub");
}

/** Writes the job's summary as a page. @returns its address. */
async function writePage(summary: string, title: string): Promise<string> {
  const { lab } = places();
  const page = join(lab, "demo-summary.html");
  await mkdir(lab, { recursive: true });
  await writeFile(page, summaryPage(summary, title));
  return pathToFileURL(page).href;
}

const started = performance.now();
const scratch = await mkdtemp(join(tmpdir(), `${basename(EXAMPLE)}-demo-`));
try {
  await using workshop = await openWorkshop({ lab: process.argv.includes("--lab"), scratch });
  tell("engine", `${workshop.tool}, ${workshop.origin}`);
  await demonstrate(workshop, scratch);
  tell("done", `in ${((performance.now() - started) / 1000).toFixed(1)} s`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(scratch, { recursive: true });
}
