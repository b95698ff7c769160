/** What a release would be, and everything that stands against it. */
import gt from "semver/functions/gt.js";
import major from "semver/functions/major.js";
import prerelease from "semver/functions/prerelease.js";
import valid from "semver/functions/valid.js";
import { sectionOf } from "./changelog.ts";

export interface Candidate {
  /** Of package.json. */
  readonly version: string;
  /** `OWNER/NAME`, of package.json. */
  readonly repository: string;
  readonly changelog: string;
  readonly readme: string;
  /** All tags of the repository. */
  readonly tags: readonly string[];
  /** Of the run, e.g. `refs/heads/main`. */
  readonly ref: string;
  readonly commit: string;
}

export interface ReleasePlan {
  readonly tag: string;
  /** The tag that moves to this release, e.g. `v1`; a pre-release moves none. */
  readonly movingTag: string | undefined;
  readonly isPrerelease: boolean;
  /** Whether it is the newest of all, and not a fix of an older major version. */
  readonly isLatest: boolean;
  /** In Markdown. */
  readonly notes: string;
}

/** @throws Error with every reason why this commit cannot be released as this version. */
export function planRelease(candidate: Candidate): ReleasePlan {
  const { version, repository, changelog, commit } = candidate;
  if (valid(version) !== version) throw new Error(`version in package.json is ${version}: not a semantic version`);
  const mistakes = mistakesOf(candidate);
  if (mistakes.length > 0) throw new Error(`${version} cannot be released:\n${mistakes.join("\n")}`);
  const isPrerelease = prerelease(version) !== null;
  const use = ["```yaml", `- uses: ${repository}@${commit} # v${version}`, "```"].join("\n");
  return {
    tag: `v${version}`,
    movingTag: isPrerelease ? undefined : `v${major(version)}`,
    isPrerelease,
    isLatest: !isPrerelease && stableVersions(candidate.tags).every((other) => gt(version, other)),
    notes: `${sectionOf(changelog, version)}\n\n${use}\n`,
  };
}

function mistakesOf({ version, changelog, readme, tags, ref }: Candidate): readonly string[] {
  const [line, newer] = [major(version), newerOf(version, tags)];
  const shown = [...readme.matchAll(/@v(\d+)\b/g)].find(([, digits]) => Number(digits) !== line);
  const branches = ["refs/heads/main", `refs/heads/releases/v${line}`];
  return [
    branches.includes(ref) ? [] : [`it is started on ${ref}, and not on ${branches.join(" or ")}`],
    tags.includes(`v${version}`) ? [`the tag v${version} is there already: raise the version in package.json`] : [],
    newer === undefined ? [] : [`v${newer} is newer, and v${line} would move back`],
    sectionOf(changelog, version) === "" ? [`CHANGELOG.md has no section "## ${version}" with text`] : [],
    sectionOf(changelog, "Unreleased") === ""
      ? []
      : ['CHANGELOG.md has text under "Unreleased", which nobody would see'],
    shown === undefined ? [] : [`README.md shows ${shown[0]}: another major version`],
  ].flat();
}

/** A released version of the same major that is newer. */
function newerOf(version: string, tags: readonly string[]): string | undefined {
  return stableVersions(tags).find((other) => major(other) === major(version) && gt(other, version));
}

function stableVersions(tags: readonly string[]): readonly string[] {
  const versions = tags.filter((tag) => tag.startsWith("v")).map((tag) => tag.slice(1));
  return versions.filter((version) => valid(version) === version && prerelease(version) === null);
}
