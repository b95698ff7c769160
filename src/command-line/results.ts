/** Results and errors of a command, as they are printed on standard output. */
import type { Failure } from "../errors.ts";

type Clean = (text: string) => string;
type Outputs = readonly (readonly [name: string, value: string])[];

/** `name: value` for each output and each of its lines. */
export function printLines(outputs: Outputs, onlyAsJson: readonly string[], clean: Clean): string {
  return outputs
    .filter(([name]) => !onlyAsJson.includes(name))
    .flatMap(([name, value]) =>
      clean(value)
        .split("\n")
        .map((line) => `${name}: ${line}\n`),
    )
    .join("");
}

/** One object with all outputs; those that are JSON themselves are part of it, not text. */
export function printJson(outputs: Outputs, clean: Clean): string {
  return print(Object.fromEntries(outputs.map(([name, value]) => [name, parsed(value)])), clean);
}

/** `{"error": …}` */
export function printError({ class: kind, code, message, lines, hint }: Failure, clean: Clean): string {
  return print({ error: { class: kind, code, message, lines, hint } }, clean);
}

function print(value: object, clean: Clean): string {
  const text = (_: string, part: unknown): unknown => (typeof part === "string" ? clean(part) : part);
  return `${JSON.stringify(value, text, 2)}\n`;
}

function parsed(value: string): unknown {
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
