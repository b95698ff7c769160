import { printTag } from "../bento/bento.ts";
import { printPlatform } from "../oci/platform.ts";
import { distinctRepositories, printFamiliar } from "../oci/reference.ts";
import { printBytes } from "../text/byte-size.ts";
import { printDuration } from "../text/duration.ts";
import {
  alert,
  code,
  codeBlock,
  facts,
  folded,
  join,
  type Markdown,
  markdown,
  NOTHING,
  printSections,
  prose,
} from "./markdown.ts";
import type { Report } from "./report.ts";
import { sizeChart, timeChart } from "./summary-charts.ts";
import { changeTable, layerTable } from "./summary-layers.ts";

/** The job summary of a build, in GitHub-flavoured Markdown. */
export function summaryOf(report: Report): string {
  return printSections([
    heading(report),
    existing(report),
    report.usage.length === 0 ? NOTHING : codeBlock("sh", report.usage.flatMap(breakLine)),
    alert("NOTE", report.notes.map(prose)),
    report.existed ? NOTHING : join([sizeChart(report), timeChart(report)], "\n\n"),
    layerTable(report),
    changeTable(report),
    details(report),
    report.commands.length === 0 ? NOTHING : folded("Commands", codeBlock("sh", report.commands)),
  ]);
}

/** Characters that a summary shows without scrolling. */
const WIDEST = 110;

/** One line, or two where it would be too long: a digest alone has 71 characters. A quoted last word is not searched for blanks. */
function breakLine(command: string): readonly string[] {
  const [, start, last] = /^(.*) ([^\s']+)$/.exec(command) ?? [];
  return command.length <= WIDEST || start === undefined ? [command] : [`${start} \\`, `  ${last}`];
}

/** The summary of a dry run: what a run would do. @param dockerfile the text of the Dockerfile. */
export function dryRunSummary(report: Report, dockerfile: string): string {
  return printSections([
    markdown`#### Dry run: ${code(printTag(report.bento.tag))}, nothing was built`,
    markdown`A run with these inputs would execute:`,
    codeBlock("sh", report.commands),
    alert("NOTE", report.notes.map(prose)),
    folded("Dockerfile", codeBlock("dockerfile", dockerfile.trimEnd().split("\n"))),
    details(report),
  ]);
}

/** One line: what was made, its size, and what the run took. */
function heading(report: Report): Markdown {
  const { bento, result, seconds } = report;
  const digest = result.digest ?? result.imageid;
  const parts = [
    digest === undefined ? NOTHING : code(digest.slice(0, SHORT_DIGEST)),
    markdown`${sizesOf(result.platforms)}`,
    markdown`${[...traffic(report), printDuration(seconds)].join(", ")}`,
  ];
  return markdown`#### ✅ ${code(printTag(bento.tag))} ${join(parts, " · ")}`;
}

function sizesOf(platforms: Report["result"]["platforms"]): string {
  const sizes = platforms.map(({ size }) => printBytes(size)).join(" and ");
  return platforms.length > 1 ? `${platforms.length} platforms of ${sizes}` : sizes;
}

/** `sha256:` and twelve digits, as docker prints them. */
const SHORT_DIGEST = 19;

function traffic({ traffic: measured }: Report): readonly string[] {
  if (measured === undefined) return [];
  const { sent, reused, environmentBy } = measured;
  return [
    `${printBytes(sent)} sent`,
    ...(environmentBy === undefined ? [] : [`environment sent by ${environmentBy}`]),
    ...(reused === 0 ? [] : [`${printBytes(reused)} reused`]),
  ];
}

function existing({ existed, byDigest }: Report): Markdown {
  if (!existed) return NOTHING;
  return alert("NOTE", [
    markdown`An identical image existed already, so nothing was built (${code("if-exists: skip")}).${byDigest ? "" : " All tags point to it."}`,
  ]);
}

function details(report: Report): Markdown {
  const { result, engine, bento } = report;
  const versions = Object.entries(engine.versions).map(([part, version]) => `${part} ${version}`);
  const backend = [report.backend, ...(versions.length === 0 ? [] : [`(${versions.join(", ")})`])].join(" ");
  const isStored = report.dryRun || result.digest !== undefined;
  return folded(
    "Details",
    facts([
      [report.byDigest ? "Repositories" : "Tags", join(namesOf(report).map(code), ", ")],
      [
        result.kind === undefined ? "Digest" : `Digest (${result.kind})`,
        isStored ? code(result.digest ?? "") : markdown`none: the image store does not keep manifests`,
      ],
      ...(result.platforms.length < 2 ? [] : result.platforms).map(
        ({ platform, digest }) => [`Digest (${printPlatform(platform)})`, code(digest)] as const,
      ),
      ["Image ID (config)", code(result.imageid ?? "")],
      ["Base image", code(report.base)],
      ["Backend", markdown`${backend}`],
      ["Assembly", markdown`${report.assembly}`],
      ["Cache", markdown`${report.cache ?? ""}`],
      ["BentoML", markdown`${code(bento.bentomlVersion)}, spec ${String(bento.image.spec)}`],
    ]),
  );
}

function namesOf({ references, byDigest }: Report): readonly string[] {
  return (byDigest ? distinctRepositories(references) : references).map(printFamiliar);
}
