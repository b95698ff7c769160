const REPLACEMENT = "# The builder's own frontend reads this.";

/**
 * Removes the `syntax` directive, which makes BuildKit download a frontend: the ones that BentoML names are too old for
 * named contexts. A comment replaces it and ends the directives, so that no later line becomes one. Other directives stay.
 * @see https://github.com/moby/buildkit/blob/v0.33.0/frontend/dockerfile/parser/directives.go (DetectSyntax)
 */
export function dropSyntax(text: string): string {
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  const lines = text.slice(mark.length).split("\n");
  const start = lines[0]?.startsWith("#!") === true ? 1 : 0;
  const prefix = lines[start]?.startsWith("//") === true ? "//" : "#";
  const after = lines.findIndex((line, index) => index >= start && directiveOf(line, prefix) === undefined);
  const end = after === -1 ? lines.length : after;
  const directives = lines.slice(start, end);
  const others = directives.filter((line) => directiveOf(line, prefix) !== "syntax");
  if (others.length === directives.length) return text;
  return mark + [...lines.slice(0, start), ...others, REPLACEMENT, ...lines.slice(end)].join("\n");
}

/** U+0085 is white space in Go but not in JavaScript. */
const DIRECTIVE = /^[\s\u0085]*([A-Za-z][A-Za-z0-9]*)\s*=./s;
const DIRECTIVES = ["syntax", "escape", "check"];

/** The name of a parser directive, in lower case. */
function directiveOf(line: string, prefix: string): string | undefined {
  if (!line.startsWith(prefix)) return undefined;
  const name = DIRECTIVE.exec(line.slice(prefix.length).replace(/\r$/, ""))?.[1]?.toLowerCase();
  return name !== undefined && DIRECTIVES.includes(name) ? name : undefined;
}
