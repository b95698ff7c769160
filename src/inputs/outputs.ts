/** The grammar of the input `output`: this action's own paths, and docker's exporters. */
import { ownValue } from "../values.ts";
import { type Decoder, refuse } from "./decoder.ts";
import { EXPORTER_ATTRIBUTE, type Output, type OutputElement, type OutputKind, readExporter } from "./exporters.ts";
import { splitRecords } from "./lists.ts";

const PREFIXES: Readonly<Record<string, OutputKind>> = {
  oci: "layout",
  "oci-archive": "oci-archive",
  "docker-archive": "docker-archive",
};

/**
 * One element per line. A line with an attribute such as `type=oci` is one of docker's exporters. Every other line is a list
 * of paths, separated by commas, with Skopeo's prefixes for the three kinds; a path without a prefix is an OCI archive if it
 * ends in `.tar`, else a layout directory.
 */
export function outputs(example: string): Decoder<readonly OutputElement[]> {
  return {
    example,
    kind: "list",
    decode(raw, readQuoted) {
      const problems: string[] = [];
      const found: OutputElement[] = [];
      for (const [text, read] of splitRecords(raw, readQuoted).flatMap(readersOf)) {
        try {
          found.push({ text, ...read() });
        } catch (error) {
          problems.push(`"${text}": ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      refuse(problems);
      return found;
    },
  };
}

type Reader = readonly [text: string, read: () => Omit<OutputElement, "text">];

function readersOf(fields: readonly string[]): readonly Reader[] {
  if (fields.some((field) => EXPORTER_ATTRIBUTE.test(field))) return [[fields.join(","), () => readExporter(fields)]];
  const paths = fields.map((field) => field.trim()).filter((path) => path !== "");
  return paths.map((path) => [path, () => ({ exporter: { kind: "file", output: readPath(path) }, names: [] })]);
}

/** @throws Error whose message follows the path. */
function readPath(text: string): Output {
  if (text === "-") throw new Error("the standard output is the log of the step; give a path");
  const [, prefix, path = ""] = /^([a-z-]+):(.*)$/s.exec(text) ?? [];
  if (prefix === undefined) return { kind: text.endsWith(".tar") ? "oci-archive" : "layout", path: text };
  const kind = ownValue(PREFIXES, prefix);
  if (kind === undefined) throw new Error(`"${prefix}:" is none of ${Object.keys(PREFIXES).join(":, ")}:`);
  if (path === "") throw new Error("it has no path");
  return { kind, path };
}
