/**
 * What a release would be, and everything that stands against it. Without a library for versions: the workflow that
 * releases runs nothing that npm installs.
 */
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

interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly isPrerelease: boolean;
}

/** @throws Error with every reason why this commit cannot be released as this version. */
export function planRelease(candidate: Candidate): ReleasePlan {
  const { version: text, repository, changelog, commit, tags } = candidate;
  const version = parseVersion(text);
  if (version === undefined) throw new Error(`version in package.json is ${text}: not a semantic version`);
  const mistakes = mistakesOf(version, candidate);
  if (mistakes.length > 0) throw new Error(`${text} cannot be released:\n${mistakes.join("\n")}`);
  const use = ["```yaml", `- uses: ${repository}@${commit} # v${text}`, "```"].join("\n");
  return {
    tag: `v${text}`,
    movingTag: version.isPrerelease ? undefined : `v${version.major}`,
    isPrerelease: version.isPrerelease,
    isLatest: !version.isPrerelease && stableVersions(tags).every(([, other]) => isNewer(version, other)),
    notes: `${sectionOf(changelog, text)}\n\n${use}\n`,
  };
}

/** Tags with their commits, as `git ls-remote --tags` prints them. */
export function parseRemoteTags(printed: string): ReadonlyMap<string, string> {
  // The commit of an annotated tag is in a second line, of the name and ^{}.
  const lines = printed.matchAll(/^([0-9a-f]+)\trefs\/tags\/(.+?)(?:\^\{\})?$/gm);
  return new Map(Array.from(lines, ([, commit = "", tag = ""]) => [tag, commit]));
}

/**
 * What may have come to stand against a release since it was planned: it waits for checks and an approval, and its jobs can
 * be run again later.
 * @param tag of the release.
 * @throws Error if the tag is at another commit, or a newer release of the same major version is there.
 */
export function checkAgain(tag: string, commit: string, tags: ReadonlyMap<string, string>): void {
  const version = parseVersion(tag.slice(1));
  if (version === undefined) throw new Error(`${tag} is not the tag of a version`);
  const now = tags.get(tag);
  if (now !== undefined && now !== commit)
    throw new Error(`the tag ${tag} is at ${now}, and this run is for ${commit}: raise the version in package.json`);
  const newer = newerRelease(version, [...tags.keys()]);
  if (newer !== undefined) throw new Error(`${newer} is newer than ${tag}, and v${version.major} would move back`);
}

function mistakesOf(version: Version, { version: text, repository, changelog, readme, tags, ref }: Candidate) {
  const branches = ["refs/heads/main", `refs/heads/releases/v${version.major}`];
  const newer = newerRelease(version, tags);
  const shown = [...readme.matchAll(/([\w.-]+\/[\w.-]+)(?:\/\w+)?@v(\d+)/g)].find(
    ([, name, major]) => name === repository && Number(major) !== version.major,
  );
  return [
    branches.includes(ref) ? [] : [`it is started on ${ref}, and not on ${branches.join(" or ")}`],
    tags.includes(`v${text}`) ? [`the tag v${text} is there already: raise the version in package.json`] : [],
    newer === undefined ? [] : [`${newer} is newer, and v${version.major} would move back`],
    sectionOf(changelog, text) === "" ? [`CHANGELOG.md has no section "## ${text}" with text`] : [],
    sectionOf(changelog, "Unreleased") === ""
      ? []
      : ['CHANGELOG.md has text under "Unreleased", which nobody would see'],
    shown === undefined ? [] : [`README.md shows ${shown[0]}: another major version`],
  ].flat();
}

/** Of https://semver.org, but without build metadata, which tags of git and GitHub's releases do not order. */
function parseVersion(text: string): Version | undefined {
  const number = "(0|[1-9]\\d*)";
  const identifier = "(?:0|[1-9]\\d*|\\d*[A-Za-z-][\\dA-Za-z-]*)";
  const form = new RegExp(`^${number}\\.${number}\\.${number}(-${identifier}(?:\\.${identifier})*)?$`);
  const [all, major, minor, patch, rest] = form.exec(text) ?? [];
  if (all === undefined) return undefined;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), isPrerelease: rest !== undefined };
}

function stableVersions(tags: readonly string[]): readonly (readonly [tag: string, version: Version])[] {
  return tags.flatMap((tag) => {
    const version = tag.startsWith("v") ? parseVersion(tag.slice(1)) : undefined;
    return version === undefined || version.isPrerelease ? [] : [[tag, version] as const];
  });
}

/** A tag of the same major version. */
function newerRelease(version: Version, tags: readonly string[]): string | undefined {
  return stableVersions(tags).find(([, other]) => other.major === version.major && isNewer(other, version))?.[0];
}

/** A pre-release counts as its release. */
function isNewer(one: Version, other: Version): boolean {
  return (one.major - other.major || one.minor - other.minor || one.patch - other.patch) > 0;
}
