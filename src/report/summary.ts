import { printTag } from "../bento/bento.ts";
import { printPlatform } from "../image/platform.ts";
import { distinctRepositories, printFamiliar, printReference, withDigest } from "../image/reference.ts";
import type { PlatformImage } from "../result/result.ts";
import { printBytes } from "./byte-size.ts";
import type { Report } from "./report.ts";

/** The job summary: GitHub-flavoured Markdown, well below the runner's limit of 1 MiB. */
export function summaryOf(report: Report): string {
  const sections = [
    heading(report),
    facts(report),
    ...report.notes.map((note) => `> [!NOTE]\n> ${note}`),
    ...report.result.platforms.map((image) => sizes(image, report)),
    changes(report),
    phases(report),
    usage(report),
    commands(report),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function heading({ bento, dryRun }: Report): string {
  return `### ${dryRun ? "Dry run: " : ""}Bento \`${printTag(bento.tag)}\` → image`;
}

function facts(report: Report): string {
  const { result, engine, bento } = report;
  const noDigest = report.dryRun ? "" : "none: the store keeps no manifest";
  const versions = Object.entries(engine.versions).map(([part, version]) => `${part} ${version}`);
  return table([
    ["Backend", [report.backend, ...(versions.length === 0 ? [] : [`(${versions.join(", ")})`])].join(" ")],
    ["Assembly", report.assembly],
    ["Cache", report.cache ?? ""],
    ["Base image", code(report.base)],
    ["BentoML", `${bento.bentomlVersion}, spec ${bento.image.spec}`],
    [report.byDigest ? "Repositories" : "Tags", namesOf(report).map(code).join("<br>")],
    [
      `Digest${result.kind === undefined ? "" : ` (${result.kind})`}`,
      result.digest === undefined ? noDigest : code(result.digest),
    ],
    ["Image id (config)", result.imageid === undefined ? "" : code(result.imageid)],
    ["Platforms", result.platforms.map(({ platform }) => code(printPlatform(platform))).join(" ")],
  ]);
}

function namesOf({ references, byDigest }: Report): readonly string[] {
  return (byDigest ? distinctRepositories(references) : references).map(printFamiliar);
}

/** The image's last layers are the payload, one each; everything below is base and environment. */
function sizes({ platform, layers, size }: PlatformImage, { payload }: Report): string {
  const below = layers.slice(0, layers.length - payload.length);
  const rows = [
    ["base and environment", printBytes(sum(below.map((layer) => layer.size)))],
    ...payload.map(({ title, note }, index) => [
      title,
      `${printBytes(layers[below.length + index]?.size ?? 0)}${note === undefined ? "" : ` (${note})`}`,
    ]),
  ];
  if (payload.length === 0 || layers.length < payload.length) rows.length = 1;
  return `**Size of ${printPlatform(platform)}: ${printBytes(size)}** (compressed)\n\n${table(rows)}`;
}

function changes({ changes: all }: Report): string {
  if (all.length === 0) return "";
  const rows = all.map(({ title, now, before }) => [title, `${printBytes(now)} (${difference(now - before)})`]);
  return `**Against the image that the first tag had before**\n\n${table(rows)}`;
}

function difference(count: number): string {
  if (count === 0) return "as before";
  return `${count < 0 ? "−" : "+"}${printBytes(Math.abs(count))}`;
}

function phases({ phases: all }: Report): string {
  return all.length === 0 ? "" : table([...all.map(({ title, seconds }) => [title, `${seconds.toFixed(1)} s`])]);
}

function usage({ pushed, references, result }: Report): string {
  const [first] = references;
  if (!pushed || first === undefined || result.digest === undefined) return "";
  const image = printReference(withDigest(first, result.digest));
  return ["Run it:", "", "```sh", `docker run --rm -p 3000:3000 ${image}`, "```"].join("\n");
}

function commands({ commands: lines }: Report): string {
  return ["<details><summary>Commands</summary>", "", "```sh", ...lines, "```", "", "</details>"].join("\n");
}

function table(rows: readonly (readonly string[])[]): string {
  const filled = rows.filter(([, text]) => text !== "");
  return [
    "| | |",
    "|---|---|",
    ...filled.map(([name = "", text = ""]) => `| ${name} | ${text.replaceAll("|", "\\|")} |`),
  ].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
