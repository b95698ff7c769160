/** The help, from the descriptions in action.yml. */
import { documentationUrl } from "../text/documentation.ts";
import { flagsOf, GENERAL } from "./arguments.ts";
import type { Command } from "./commands.ts";
import type { Flag } from "./flags.ts";
import type { Metadata } from "./metadata.ts";

const WIDTH = 100;
const INDENT = "      ";

/** The first screen: the commands and what is needed most. */
export function overview(commands: readonly { readonly command: Command; readonly metadata: Metadata }[]): string {
  return [
    "Usage: bento-image COMMAND [FLAGS]",
    "",
    ...commands.flatMap(({ command, metadata }) => [`  ${usage(command)}`, ...wrapped(metadata.description, INDENT)]),
    "",
    "Examples:",
    "  bento-image build iris:latest",
    "  bento-image build ./iris.bento --tags ghcr.io/acme/iris:1.4.0 --push",
    "  bento-image build iris:latest --backend podman --output oci-archive:iris.tar",
    "  bento-image build iris:latest --dry-run",
    "",
    "bento-image COMMAND --help lists all flags of a command.",
    documentationUrl("docs/command-line.md"),
    "",
  ].join("\n");
}

/** All flags of a command, in groups. */
export function helpOf(command: Command, metadata: Metadata): string {
  const flags = flagsOf(command);
  const groups = Object.entries(command.groups).flatMap(([title, names]) => {
    const lines = flags
      .filter(({ name }) => names.includes(name) && !isGeneral(name))
      .flatMap((flag) => inputLines(flag, metadata));
    return lines.length === 0 ? [] : [`${title}:`, ...lines, ""];
  });
  const general = GENERAL.filter(({ name }) => flags.some((flag) => flag.name === name));
  return [
    `Usage: bento-image ${usage(command)}`,
    "",
    ...wrapped(metadata.description, ""),
    "",
    ...wrapped("A flag with ... may be given several times, once for each item of the list.", ""),
    ...wrapped(
      "Secrets and certificates are given as env:VARIABLE or file:PATH, as others can read the arguments of a process.",
      "",
    ),
    "",
    ...groups,
    "General:",
    ...general.flatMap((flag) => [`  ${formOf(flag)}`, ...wrapped(flag.description, INDENT)]),
    "",
  ].join("\n");
}

function isGeneral(name: string): boolean {
  return GENERAL.some((flag) => flag.name === name);
}

function usage({ name, operand }: Command): string {
  return `${name}${operand === undefined ? "" : ` ${operand.toUpperCase()}`} [FLAGS]`;
}

function inputLines(flag: Flag, { inputs }: Metadata): readonly string[] {
  const { description = "", required, default: preset } = inputs[flag.name] ?? {};
  const fallback = preset === undefined ? "" : ` (default: ${preset})`;
  const ending = required === true ? " (required)" : fallback;
  return [`  ${formOf(flag)}`, ...wrapped(`${plain(description)}${ending}`, INDENT)];
}

function formOf({ name, kind, short }: Flag): string {
  const names = short === undefined ? `--${name}` : `-${short}, --${name}`;
  switch (kind) {
    case "toggle":
      return isGeneral(name) || name.startsWith("no-") ? names : `--[no-]${name}`;
    case "list":
      return `${names} VALUE ...`;
    case "secret":
    case "document":
      return `${names} env:VARIABLE | file:PATH`;
    case "text":
      return `${names} VALUE`;
  }
}

/** Without the Markdown of action.yml. */
function plain(description: string): string {
  return description.replace(/\[([^[\]]+)\]\([^()]*\)/g, "$1").replaceAll("`", "");
}

function wrapped(text: string, indent: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > WIDTH) lines.push(`${indent}${word}`);
    else lines.splice(-1, 1, `${last} ${word}`);
  }
  return lines;
}
