import { printTag } from "../bento/bento.ts";
import type { PlatformImage } from "../oci/image-description.ts";
import { printPlatform } from "../oci/platform.ts";
import { distinctRepositories, printFamiliar, printReference, withDigest } from "../oci/reference.ts";
import { printBytes } from "../text/byte-size.ts";
import { code, codeBlock, join, type Markdown, markdown, NOTHING, table } from "./markdown.ts";
import type { Report } from "./report.ts";

/** The job summary: GitHub-flavoured Markdown, well below the runner's limit of 1 MiB. */
export function summaryOf(report: Report): string {
  const sections = [
    heading(report),
    facts(report),
    ...report.notes.map((note) => markdown`> [!NOTE]\n> ${note}`),
    ...report.result.platforms.map((image) => sizes(image, report)),
    changes(report),
    phases(report),
    usage(report),
    markdown`<details><summary>Commands</summary>\n\n${codeBlock("sh", report.commands)}\n\n</details>`,
  ];
  return `${join(sections, "\n\n").source}\n`;
}

function heading({ bento, dryRun }: Report): Markdown {
  const what = markdown`Bento ${code(printTag(bento.tag))} → image`;
  return dryRun ? markdown`### Dry run: ${what}` : markdown`### ${what}`;
}

function facts(report: Report): Markdown {
  const { result, engine, bento } = report;
  const noDigest = report.dryRun ? NOTHING : markdown`none: the image store does not keep manifests`;
  const versions = Object.entries(engine.versions).map(([part, version]) => `${part} ${version}`);
  const backend = [report.backend, ...(versions.length === 0 ? [] : [`(${versions.join(", ")})`])].join(" ");
  const digest = result.kind === undefined ? markdown`Digest` : markdown`Digest (${result.kind})`;
  return table([
    [markdown`Backend`, markdown`${backend}`],
    [markdown`Assembly`, markdown`${report.assembly}`],
    [markdown`Cache`, markdown`${report.cache ?? ""}`],
    [markdown`Base image`, code(report.base)],
    [markdown`BentoML`, markdown`${code(bento.bentomlVersion)}, spec ${String(bento.image.spec)}`],
    [report.byDigest ? markdown`Repositories` : markdown`Tags`, join(namesOf(report).map(code), "<br>")],
    [digest, result.digest === undefined ? noDigest : code(result.digest)],
    [markdown`Image id (config)`, code(result.imageid ?? "")],
    [markdown`Platforms`, join(result.platforms.map(platformOf), " ")],
  ]);
}

function namesOf({ references, byDigest }: Report): readonly string[] {
  return (byDigest ? distinctRepositories(references) : references).map(printFamiliar);
}

function platformOf({ platform }: PlatformImage): Markdown {
  return code(printPlatform(platform));
}

/** The payload is the image's last layers, one for each entry; all layers below are the base and the environment. */
function sizes(image: PlatformImage, { payload }: Report): Markdown {
  const { layers, size } = image;
  const below = layers.slice(0, layers.length - payload.length);
  const rows = [
    [markdown`base and environment`, markdown`${printBytes(sum(below.map((layer) => layer.size)))}`],
    ...payload.map(({ title, note }, index) => {
      const bytes = printBytes(layers[below.length + index]?.size ?? 0);
      return [code(title), note === undefined ? markdown`${bytes}` : markdown`${bytes} (${note})`];
    }),
  ];
  if (payload.length === 0 || layers.length < payload.length) rows.length = 1;
  return markdown`**Size of ${platformOf(image)}: ${printBytes(size)}** (compressed)\n\n${table(rows)}`;
}

function changes({ changes: all }: Report): Markdown {
  if (all.length === 0) return NOTHING;
  const rows = all.map(({ title, now, before }) => [
    markdown`${title}`,
    markdown`${printBytes(now)} (${difference(now - before)})`,
  ]);
  return markdown`**Sizes, compared with the previous image of this Bento**\n\n${table(rows)}`;
}

function difference(count: number): string {
  if (count === 0) return "as before";
  return `${count < 0 ? "−" : "+"}${printBytes(Math.abs(count))}`;
}

function phases({ phases: all }: Report): Markdown {
  if (all.length === 0) return NOTHING;
  return table(all.map(({ title, seconds }) => [markdown`${title}`, markdown`${seconds.toFixed(1)} s`]));
}

function usage({ pushed, references, result }: Report): Markdown {
  const [first] = references;
  if (!pushed || first === undefined || result.digest === undefined) return NOTHING;
  const image = printReference(withDigest(first, result.digest));
  return markdown`Run it:\n\n${codeBlock("sh", [`docker run --rm -p 3000:3000 ${image}`])}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
