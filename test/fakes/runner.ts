/**
 * Stands in for the runner: reads what a step prints, and the files it writes for the runner, as the runner does.
 * Sources: https://github.com/actions/runner, src/Runner.Common/ActionCommand.cs (both parsers),
 * src/Runner.Worker/ActionCommandManager.cs (what they are used for, and the names), src/Runner.Worker/FileCommandManager.cs
 * (the files), src/Runner.Sdk/ProcessInvoker.cs (lines are those of .NET's StreamReader.ReadLine).
 */

export interface Command {
  /** `::name properties::data` at a line's start, or `##[name properties]data` anywhere in it. */
  readonly form: "::" | "##[";
  /** As it was written; case does not matter. */
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
  readonly line: string;
}

const STOP = "stop-commands";

/** Every name that the runner takes; the last one is for its own plugins. */
export const COMMANDS = [
  ...["set-env", "set-output", "save-state", "add-mask", "add-path", "add-matcher", "remove-matcher"],
  ...["debug", "warning", "error", "notice", "group", "endgroup", "echo", STOP, "internal-set-repo-path"],
] as const;

/** The lines of .NET's StreamReader.ReadLine, which a carriage return alone ends too. */
export function linesOf(output: string): readonly string[] {
  return output.split(/\r\n|\r|\n/);
}

/** What the runner would obey of the output of a step, both streams apart; nothing between a `stop-commands` and its token. */
export function commandsIn(output: string): readonly Command[] {
  const found: Command[] = [];
  let token: string | undefined;
  for (const line of linesOf(output)) {
    const command = parseLine(line, token === undefined ? COMMANDS : [...COMMANDS, token]);
    if (command === undefined) continue;
    const isResume = token !== undefined && command.name.toLowerCase() === token.toLowerCase();
    if (token === undefined || isResume) found.push(command);
    if (isResume) token = undefined;
    else if (token === undefined && command.name.toLowerCase() === STOP) token = command.data;
  }
  return found;
}

/** A command when either way of comparing finds one: which of them a runner uses depends on its culture and its ICU. */
function parseLine(line: string, names: readonly string[]): Command | undefined {
  for (const find of [findExactly, findByCulture]) {
    const command = parseColons(line, names, find) ?? parseBracket(line, names, find);
    if (command !== undefined) return command;
  }
  return undefined;
}

/** Gives the index, or -1. */
type Find = (text: string, wanted: string, from: number) => number;

const findExactly: Find = (text, wanted, from) => text.indexOf(wanted, from);

/**
 * `string.IndexOf(string)` and `StartsWith(string)` of .NET compare by culture, where characters without weight do not
 * count. Source: https://learn.microsoft.com/dotnet/core/extensions/globalization-icu
 */
const findByCulture: Find = (text, wanted, from) => {
  const [first = "", ...rest] = wanted;
  for (let start = text.indexOf(first, from); start >= 0; start = text.indexOf(first, start + 1)) {
    let at = start + 1;
    const isThere = rest.every((character) => {
      while (/\p{C}|\p{Mn}/u.test(text[at] ?? "")) at += 1;
      at += 1;
      return text[at - 1] === character;
    });
    if (isThere) return start;
  }
  return -1;
};

/** What char.IsWhiteSpace of .NET says yes to; unlike `\s` with U+0085 and without U+FEFF. */
const WHITE_START = /^[\t-\r\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** `TryParseV2` */
function parseColons(line: string, names: readonly string[], find: Find): Command | undefined {
  const message = line.replace(WHITE_START, "");
  const start = find(message, "::", 0);
  if (start !== 0 && /[^\p{C}]/u.test(message.slice(0, start))) return undefined;
  const end = find(message, "::", 2);
  if (start < 0 || end < 0) return undefined;
  const [name, properties] = splitInfo(message.slice(2, end));
  if (!isOneOf(names, name)) return undefined;
  const read = readProperties(properties.trim(), ",", { "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%" });
  const data = decode(message.slice(end + 2), { "%0D": "\r", "%0A": "\n", "%25": "%" });
  return { form: "::", name, properties: read, data, line };
}

/** `TryParse`, the older form. */
function parseBracket(line: string, names: readonly string[], find: Find): Command | undefined {
  const start = find(line, "##[", 0);
  const end = start < 0 ? -1 : line.indexOf("]", start);
  if (end < start + 3) return undefined;
  const [name, properties] = splitInfo(line.slice(start + 3, end));
  if (!isOneOf(names, name)) return undefined;
  const escapes = { "%3B": ";", "%0D": "\r", "%0A": "\n", "%5D": "]", "%25": "%" };
  const data = decode(line.slice(end + 1), escapes);
  return { form: "##[", name, properties: readProperties(properties, ";", escapes), data, line };
}

function splitInfo(info: string): readonly [name: string, properties: string] {
  const space = info.indexOf(" ");
  return space < 0 ? [info, ""] : [info.slice(0, space), info.slice(space + 1)];
}

function isOneOf(names: readonly string[], name: string): boolean {
  return names.some((known) => known.toLowerCase() === name.toLowerCase());
}

type Escapes = Readonly<Record<string, string>>;

function readProperties(text: string, separator: string, escapes: Escapes): Readonly<Record<string, string>> {
  const pairs = text.split(separator).map((pair) => [pair.split("=")[0] ?? "", pair.slice(pair.indexOf("=") + 1)]);
  const whole = pairs.filter(([key = "", value = ""]) => key !== "" && value !== "");
  return Object.fromEntries(whole.map(([key = "", value = ""]) => [key, decode(value, escapes)]));
}

function decode(text: string, escapes: Escapes): string {
  return Object.entries(escapes).reduce((all, [written, meant]) => all.replaceAll(written, meant), text);
}

/**
 * What a file for outputs, state or variables says: `name=value`, or `name<<delimiter`, lines, `delimiter`. Later lines win.
 * @throws Error where the runner fails the step.
 */
export function parseCommandFile(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const lines = text.split("\n");
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === "") continue;
    const [, name = "", operator, rest = ""] = /^(.*?)(=|<<)(.*)$/s.exec(line) ?? [];
    if (operator === undefined || (operator === "<<" && (name === "" || rest === ""))) {
      throw new Error(`Invalid format '${line}'`);
    }
    if (operator === "=") found.set(name, rest);
    else found.set(name, takeUntil(rest, lines));
  }
  return found;
}

function takeUntil(delimiter: string, lines: string[]): string {
  const end = lines.indexOf(delimiter);
  if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
  const value = lines.splice(0, end).join("\n");
  lines.shift();
  return value;
}

/** What the action itself has to say to the runner by its output. */
const OURS = ["group", "endgroup", "add-mask", "debug", "notice", "warning", "error"];

/**
 * The law of the log: each line that the runner obeys is one that the action meant, so written by `@actions/core` in the
 * one form it knows; what goes into files never is in the log; and groups are not nested.
 * @returns the lines that break it.
 */
export function unmeantIn(output: string): readonly string[] {
  let isOpen = false;
  return commandsIn(output).flatMap(({ form, name, line }) => {
    const isOurs = form === "::" && OURS.includes(name) && line.startsWith(`::${name}`);
    const isBalanced = (name !== "group" || !isOpen) && (name !== "endgroup" || isOpen);
    if (isOurs && name.endsWith("group")) isOpen = name === "group";
    return isOurs && isBalanced ? [] : [line];
  });
}
