/** The sections of CHANGELOG.md: `## Unreleased`, `## 1.2.3 (2026-11-26)`. */

/** The text below the heading of a version, up to the next one; empty if there is none. */
export function sectionOf(changelog: string, name: string): string {
  const sections = changelog.split(/^(?=## )/m);
  const found = sections.find((section) => section.slice("## ".length).split(/\s/, 1)[0] === name);
  return found === undefined ? "" : found.slice(found.indexOf("\n")).trim();
}

/**
 * What is under `Unreleased` becomes the section of the version.
 * @param date as `2026-11-26`.
 * @throws Error when there is nothing under it.
 */
export function closeSection(changelog: string, version: string, date: string): string {
  if (sectionOf(changelog, "Unreleased") === "") throw new Error('CHANGELOG.md has no text under "## Unreleased"');
  return changelog.replace(/^## Unreleased$/m, `## Unreleased\n\n## ${version} (${date})`);
}
