import { Failure } from "../errors.ts";
import { decodeSchema, inputFailure } from "../inputs/decode-schema.ts";
import type { Machine } from "../machine/machine.ts";
import { type Platform, platformSlug, printPlatform } from "../oci/platform.ts";
import { findBentos, type NamedBento } from "./bentos.ts";
import { findMatrixConflicts, labelsOf, matrixSchema } from "./inputs.ts";
import { type RunsOn, runnerFor } from "./runner.ts";

/** One job of the matrix: the values of `matrix.…` in its steps. */
export interface MatrixJob {
  readonly name: string;
  /** `linux-arm64`; preceded by the Bento's slug if there are several Bentos. */
  readonly slug: string;
  readonly platform: string;
  readonly runner: RunsOn;
  readonly emulated: boolean;
  readonly bento?: string;
  /** The Bento's part of the slug. */
  readonly image?: string;
}

/** https://docs.github.com/actions/reference/limits */
const MOST_JOBS = 256;

/** Plans the matrix: a job for each platform of each Bento. @throws Failure `input` */
export async function planMatrix(machine: Machine): Promise<void> {
  const { actions } = machine;
  const inputs = await decodeSchema(matrixSchema, machine.env, findMatrixConflicts);
  const { bentos, missing } = await findBentos(inputs.bentos, machine);
  if (missing.length > 0) {
    throw inputFailure(missing.map((pattern) => `bentos: ${pattern} matches no file in ${machine.workspace}`));
  }
  const runners = Object.fromEntries(Object.entries(inputs.runners).map(([key, text]) => [key, labelsOf(text)]));
  const jobs = jobsOf(inputs.platforms, bentos, runners);
  if (jobs.length > MOST_JOBS) throw tooMany(inputs.platforms.length, bentos.length);
  for (const { name, runner, emulated } of jobs) {
    actions.info(`${name} on ${[runner].flat().join(", ")}${emulated ? ", emulated" : ""}`);
  }
  const outputs = {
    matrix: JSON.stringify({ include: jobs }),
    platforms: inputs.platforms.map(printPlatform).join(","),
    bentos: JSON.stringify({ include: bentos.map(({ bento, slug }) => ({ bento, image: slug })) }),
    count: String(jobs.length),
    "fail-fast": String(inputs.failFast !== false),
  };
  for (const [name, value] of Object.entries(outputs)) actions.setOutput(name, value);
}

/** A job for each platform of each Bento, in the order of the inputs. */
function jobsOf(
  platforms: readonly Platform[],
  bentos: readonly NamedBento[],
  runners: Readonly<Record<string, readonly string[]>>,
): readonly MatrixJob[] {
  const jobs = (bento: NamedBento | undefined): readonly MatrixJob[] =>
    platforms.map((platform) => {
      const { runsOn, emulated } = runnerFor(platform, runners);
      const [name, slug] = [printPlatform(platform), platformSlug(platform)];
      const job = { platform: name, runner: runsOn, emulated };
      if (bento === undefined) return { name, slug, ...job };
      const { bento: address, slug: image } = bento;
      return { name: `${image} (${name})`, slug: `${image}-${slug}`, ...job, bento: address, image };
    });
  return bentos.length === 0 ? jobs(undefined) : bentos.flatMap(jobs);
}

function tooMany(platforms: number, bentos: number): Failure {
  const count = `${platforms} platforms of ${bentos} Bentos are ${platforms * bentos} jobs`;
  return new Failure("input", `bentos, platforms: ${count}; a matrix has at most ${MOST_JOBS}`, {
    code: "TooManyJobs",
    hint: "Give fewer Bentos, or build several platforms in one job by emulation.",
  });
}
