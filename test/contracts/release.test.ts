import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closeSection, sectionOf } from "../../.github/scripts/release/changelog.ts";
import { type Candidate, checkAgain, parseRemoteTags, planRelease } from "../../.github/scripts/release/plan.ts";

const CHANGELOG = `# Changelog

About versions.

## Unreleased

## 1.2.0 (2026-11-26)

Faster.

### Fixed

- A bug.

## 1.1.0 (2026-10-01)

Older.
`;

const GOOD: Candidate = {
  version: "1.2.0",
  repository: "acme/bento-image",
  changelog: CHANGELOG,
  readme: "- uses: actions/checkout@v6\n- uses: acme/bento-image@v1\n",
  tags: ["v1.0.0", "v1.1.0", "v1", "nightly", ""],
  ref: "refs/heads/main",
  commit: "ab".repeat(20),
};

function mistakes(changes: Partial<Candidate>): readonly string[] {
  try {
    planRelease({ ...GOOD, ...changes });
    return [];
  } catch (error) {
    return (error as Error).message.split("\n").slice(1);
  }
}

describe("a release", () => {
  it("has the version of package.json, moves its major tag, and says what the changelog says and how to pin it", () => {
    expect(planRelease(GOOD)).toEqual({
      tag: "v1.2.0",
      movingTag: "v1",
      isPrerelease: false,
      isLatest: true,
      notes: `Faster.\n\n### Fixed\n\n- A bug.\n\n\`\`\`yaml\n- uses: acme/bento-image@${GOOD.commit} # v1.2.0\n\`\`\`\n`,
    });
  });

  it("that is the first one needs no tag", () => {
    expect(planRelease({ ...GOOD, tags: [] })).toMatchObject({ movingTag: "v1", isLatest: true });
  });

  it("before a release moves nothing and is not the latest", () => {
    const changelog = CHANGELOG.replace("## 1.2.0 ", "## 1.2.0-rc.1 ");
    expect(planRelease({ ...GOOD, version: "1.2.0-rc.1", changelog })).toMatchObject({
      movingTag: undefined,
      isPrerelease: true,
      isLatest: false,
    });
  });

  it.each(["1.2.0-0", "1.2.0-beta.2", "1.2.0-x-y.1"])("may be a pre-release: %s", (version) => {
    const changelog = `## ${version}\n\nText.\n`;
    expect(planRelease({ ...GOOD, version, changelog }).isPrerelease).toBe(true);
  });

  it("of an older major version moves its own tag, and is not the latest", () => {
    const older = { tags: [...GOOD.tags, "v2.0.0", "v2"], ref: "refs/heads/releases/v1" };
    expect(planRelease({ ...GOOD, ...older })).toMatchObject({ movingTag: "v1", isLatest: false });
  });

  it("is refused with everything that stands against it", () => {
    const changelog = "# Changelog\n\n## Unreleased\n\n- Something.\n";
    const readme = "- uses: acme/bento-image/merge@v2\n";
    expect(mistakes({ changelog, readme, tags: ["v1.2.0", "v1.3.0"], ref: "refs/heads/topic" })).toEqual([
      "it is started on refs/heads/topic, and not on refs/heads/main or refs/heads/releases/v1",
      "the tag v1.2.0 is there already: raise the version in package.json",
      "v1.3.0 is newer, and v1 would move back",
      'CHANGELOG.md has no section "## 1.2.0" with text',
      'CHANGELOG.md has text under "Unreleased", which nobody would see',
      "README.md shows acme/bento-image/merge@v2: another major version",
    ]);
  });

  it("is refused on the branch of another major version", () => {
    expect(mistakes({ ref: "refs/heads/releases/v2" })).toHaveLength(1);
  });

  it.each(["1.2", "v1.2.0", "1.2.0 ", "01.2.0", "1.2.0-rc.01", "1.2.0+build", "latest", ""])(
    "of no semantic version is refused: %j",
    (version) => {
      expect(() => planRelease({ ...GOOD, version })).toThrow("not a semantic version");
    },
  );

  it("never moves a major tag back, whatever was released before", () => {
    const versions = fc.tuple(fc.nat(3), fc.nat(5), fc.nat(5));
    fc.assert(
      fc.property(fc.array(versions), versions, (released, next) => {
        const version = next.join(".");
        const ref = `refs/heads/releases/v${next[0]}`;
        const changelog = `## ${version}\n\nText.\n`;
        const tags = released.map((parts) => `v${parts.join(".")}`);
        const isNewest = released.filter(([major]) => major === next[0]).every((other) => isBefore(other, next));
        expect(mistakes({ version, ref, changelog, tags, readme: "" }).length === 0).toBe(isNewest);
      }),
    );
  });
});

describe("a release that has waited", () => {
  const other = "cd".repeat(20);
  const check = (lines: readonly string[], tag = "v1.2.0") => {
    const printed = lines.map((line) => `${line}\n`).join("");
    checkAgain(tag, GOOD.commit, parseRemoteTags(printed));
  };

  it.each([
    ["no tag", []],
    ["tags of older releases", [`${other}\trefs/tags/v1.1.0`, `${other}\trefs/tags/v1`]],
    ["its own tag", [`${GOOD.commit}\trefs/tags/v1.2.0`]],
    ["its own annotated tag", [`${other}\trefs/tags/v1.2.0`, `${GOOD.commit}\trefs/tags/v1.2.0^{}`]],
    ["a newer release of another major version", [`${other}\trefs/tags/v2.0.0`, `${other}\trefs/tags/v0.9.0`]],
    ["a pre-release of the next one", [`${other}\trefs/tags/v1.3.0-rc.1`]],
  ])("goes on beside %s", (_, lines) => {
    expect(() => check(lines)).not.toThrow();
  });

  it.each([
    ["tag", [`${other}\trefs/tags/v1.2.0`]],
    ["annotated tag", [`${GOOD.commit}\trefs/tags/v1.2.0`, `${other}\trefs/tags/v1.2.0^{}`]],
  ])("is refused with its %s at another commit", (_, lines) => {
    expect(() => check(lines)).toThrow(`the tag v1.2.0 is at ${other}, and this run is for ${GOOD.commit}`);
  });

  it("is refused after a newer release, whose major tag would move back", () => {
    expect(() => check([`${GOOD.commit}\trefs/tags/v1.2.0`, `${other}\trefs/tags/v1.10.0`])).toThrow(
      "v1.10.0 is newer than v1.2.0, and v1 would move back",
    );
  });

  it("is refused under a tag of no version", () => {
    expect(() => check([], "v1")).toThrow("not the tag of a version");
  });
});

function isBefore(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((part, index) => part !== other[index]);
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0);
}

describe("the changelog", () => {
  it("gives the text of a version, and nothing for one that it does not have", () => {
    expect(sectionOf(CHANGELOG, "1.1.0")).toBe("Older.");
    expect(sectionOf(CHANGELOG, "1.1")).toBe("");
    expect(sectionOf(CHANGELOG, "Unreleased")).toBe("");
  });

  it("turns what is unreleased into a version, which is then what the release says", () => {
    const before = "# Changelog\n\n## Unreleased\n\n- New.\n\n## 1.0.0 (2026-01-01)\n\n- Old.\n";
    const after = closeSection(before, "1.1.0", "2026-11-26");
    expect([sectionOf(after, "Unreleased"), sectionOf(after, "1.1.0"), sectionOf(after, "1.0.0")]).toEqual([
      "",
      "- New.",
      "- Old.",
    ]);
    expect(after).toContain("\n## 1.1.0 (2026-11-26)\n");
    expect(() => closeSection(after, "1.2.0", "2026-11-27")).toThrow("no text");
  });
});
