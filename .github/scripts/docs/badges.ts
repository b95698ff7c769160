/** Badges that nobody else has to serve, from what this repository knows, and the lines of the README that show them. */
import { readFileSync } from "node:fs";
import { readPackage } from "./repository.ts";

/** Pixels of a character of the badges' font, on average; and on each side of a text. */
const CHARACTER = 6.6;
const PADDING = 8;

/** The badges, by file. */
export function badges(): Readonly<Record<string, string>> {
  return {
    "docs/badges/release.svg": badge("release", `v${readPackage().version}`, "#0b5cad"),
    "docs/badges/speed.svg": badge("code change, 1 GiB model", measuredPush(), "#1a7f37"),
  };
}

export function badgeLines(): string {
  const repository = `https://github.com/${readPackage().repository}`;
  return [
    `[![CI](${repository}/actions/workflows/ci.yml/badge.svg?branch=main)](${repository}/actions/workflows/ci.yml)`,
    `[![Release](docs/badges/release.svg)](${repository}/releases)`,
    "[![Measured speed](docs/badges/speed.svg)](docs/performance.md)",
  ].join("\n");
}

/** What the page about performance says of the push that the action is for. @throws Error when the page no longer says it. */
function measuredPush(): string {
  const row = /^\| one line changed, wiped builder \|.*?\*\*(?<figure>[\d.]+ m?s), (?<bytes>[\d.]+ [KM]iB)\*\*/m.exec(
    readFileSync("docs/performance.md", "utf8"),
  );
  if (row?.groups === undefined) throw new Error('docs/performance.md has no bold figure for "one line changed"');
  return `${row.groups["figure"]}, ${row.groups["bytes"]}`;
}

function badge(name: string, value: string, color: string): string {
  const [left, right] = [widthOf(name), widthOf(value)];
  const text = (middle: number, words: string) => `<text x="${middle}" y="14" text-anchor="middle">${words}</text>`;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${name}: ${value}">`,
    `<clipPath id="corners"><rect width="${left + right}" height="20" rx="3"/></clipPath>`,
    `<g clip-path="url(#corners)"><rect width="${left}" height="20" fill="#444c56"/><rect x="${left}" width="${right}" height="20" fill="${color}"/></g>`,
    `<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(left / 2, name)}${text(left + right / 2, value)}</g>`,
    "</svg>",
  ].join("\n")}\n`;
}

/** Of a part of a badge, in pixels. */
function widthOf(text: string): number {
  return Math.round(text.length * CHARACTER) + 2 * PADDING;
}
