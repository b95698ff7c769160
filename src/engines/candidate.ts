import coerce from "semver/functions/coerce.js";
import lt from "semver/functions/lt.js";
import { Failure } from "../errors.ts";
import type { EngineMachine } from "./engine.ts";

/** A program that the distribution packages under the same name. */
export interface WantedPackage {
  readonly name: string;
  /** The oldest supported version. */
  readonly minimum?: string;
  /** Why older versions are not supported. */
  readonly because?: string;
}

/**
 * The version that apt would install, in Debian's form (`5.4.2+ds1-2`); undefined when its lists do not have the package.
 * @see https://manpages.debian.org/bookworm/apt/apt-cache.8.en.html (policy)
 */
export async function candidateOf(
  name: string,
  { env, processes }: Pick<EngineMachine, "env" | "processes">,
): Promise<string | undefined> {
  const invocation = { tool: "apt-cache", args: ["policy", name], env: { ...env, LC_ALL: "C" } };
  const candidate = /^ *Candidate: *(\S+)/m.exec((await processes.capture(invocation)).stdout)?.[1];
  return candidate === "(none)" ? undefined : candidate;
}

/** @throws Failure `tool`, code `TooOld`. */
export function refuseOld(candidate: string, { name, minimum, because }: WantedPackage): void {
  // `5:4.9.3+ds1-1ubuntu0.2` is 4.9.3: before the colon is an epoch, deb-version(7).
  const version = coerce(candidate.replace(/^\d+:/, ""));
  if (minimum === undefined || version === null || !lt(version, minimum)) return;
  const why = because === undefined ? "" : `: ${because}`;
  throw new Failure(
    "tool",
    `${name} is not on PATH, and this distribution's package has ${version.version}, older than ${minimum}${why}`,
    {
      code: "TooOld",
      lines: [`apt-cache policy ${name}: ${candidate}`],
      hint: `Nothing was installed. Use a runner with Ubuntu 24.04, Debian 13 or newer, install a newer ${name} on it, or use backend: buildctl, which this action sets up itself.`,
    },
  );
}
