/** Failures in the words of the command line. */
import { Failure } from "../errors.ts";
import { ownValue } from "../values.ts";
import { isReference } from "./arguments.ts";
import type { Flag } from "./flags.ts";

const ON_OTHER_SYSTEMS =
  "Run it on Linux, for example in a virtual machine: on other systems, engines run in one of theirs, which cannot see this machine's files.";

/** The failure with names of inputs as flags, where its lines begin with such names. */
export function inFlags(failure: Failure, flags: readonly Flag[], command: string): Failure {
  const { code, hint, message, lines, mistakes, position } = failure;
  const same = { code, cause: failure, ...(position && { position }) };
  if (code === "LinuxOnly") {
    const text = message.replace("this action runs on Linux runners", "bento-image runs on Linux");
    return new Failure(failure.class, text, { ...same, hint: ON_OTHER_SYSTEMS });
  }
  if (failure.class !== "input") return failure;
  const kinds = Object.fromEntries(flags.map(({ name, kind }) => [name, kind]));
  const named = (line: string): string => lineInFlags(line, kinds);
  return new Failure(
    "input",
    lines.reduce((text, line) => text.replace(line, () => named(line)), message),
    {
      ...same,
      lines: lines.map(named),
      mistakes: mistakes.map(named),
      ...(mistakes.length > 0 ? { hint: `bento-image ${command} --help lists all flags.` } : hint && { hint }),
    },
  );
}

type Kinds = Readonly<Record<string, Flag["kind"]>>;

/** `push: … (for example: tags: a)` → `--push: … (for example: --tags a)` */
function lineInFlags(line: string, kinds: Kinds): string {
  const [, head = "", rest = ""] = /^([a-z-]+(?:, [a-z-]+)*)(: .*)$/s.exec(line) ?? [];
  const names = head.split(", ");
  if (!names.every((name) => ownValue(kinds, name) !== undefined)) return line;
  return (
    names.map((name) => `--${name}`).join(", ") +
    rest.replace(EXAMPLE, (_, text: string) => `(for example: ${example(text, names[0] ?? "", kinds)})`)
  );
}

const EXAMPLE = /\(for example: (.*)\)$/s;

function example(text: string, name: string, kinds: Kinds): string {
  const [, other = name, value = text] = /^([a-z-]+): (.*)$/s.exec(text) ?? [];
  const kind = ownValue(kinds, other);
  if (kind === undefined) return `--${name} ${text}`;
  if (kind === "toggle") return value === "false" ? `--no-${other}` : `--${other}`;
  return `--${other} ${isReference(kind) ? "file:PATH" : value}`;
}
