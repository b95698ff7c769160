import type { Platform } from "../oci/platform.ts";
import { printPlatform } from "../oci/platform.ts";
import { ownValue } from "../values.ts";

/** The key of the runner for platforms that match no other key. */
export const DEFAULT_RUNNER = "default";

/** The value of a job's `runs-on`: one label, or several that one runner must have. */
export type RunsOn = string | readonly string[];

export interface Runner {
  readonly runsOn: RunsOn;
  /** Whether the platform's programs run there only by emulation; false also if this is unknown. */
  readonly emulated: boolean;
}

const X64 = "ubuntu-latest";
const ARM = "ubuntu-24.04-arm";

/**
 * GitHub's runners for their native platforms. For arm64 there is no label that ends in `latest`.
 * @see https://docs.github.com/actions/reference/runners/github-hosted-runners
 */
const HOSTED: Readonly<Record<string, string>> = { "linux/amd64": X64, "linux/arm64": ARM };

/**
 * The runner for a platform. Of the matching keys, the longest wins: `linux/arm/v7` before `linux/arm` before `linux`
 * before `default`. A key matches whole components, so `linux/arm` does not match `linux/arm64`.
 * @param given key → labels; without a matching key, GitHub's runners are used.
 */
export function runnerFor(platform: Platform, given: Readonly<Record<string, readonly string[]>>): Runner {
  const name = printPlatform(platform);
  const matching = Object.keys(given)
    .filter((key) => key === name || name.startsWith(`${key}/`))
    .sort((one, other) => other.length - one.length);
  const labels = ownValue(given, matching[0] ?? DEFAULT_RUNNER) ?? [HOSTED[name] ?? X64];
  const [first = X64] = labels;
  return { runsOn: labels.length === 1 ? first : labels, emulated: isEmulated(platform, labels) };
}

/** Architectures that a machine's processor runs without emulation. */
const NATIVE: Readonly<Record<string, readonly string[]>> = { amd64: ["amd64", "386"], arm64: ["arm64"] };

function isEmulated({ os, architecture }: Platform, labels: readonly string[]): boolean {
  const own = labels.map(architectureOf).find((found) => found !== undefined);
  return own !== undefined && os === "linux" && NATIVE[own]?.includes(architecture) !== true;
}

/** From the names of GitHub's runners, or from the labels that a self-hosted runner sets by itself. */
function architectureOf(label: string): "amd64" | "arm64" | undefined {
  if (/^ubuntu-(?:latest|\d\d\.\d\d)-arm$|^arm64$/i.test(label)) return "arm64";
  return /^ubuntu-(?:latest|\d\d\.\d\d|slim)$|^x64$/i.test(label) ? "amd64" : undefined;
}
