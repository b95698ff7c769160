/** Text from a manifest as one word of the two languages in a Dockerfile: the shell's and the Dockerfile's own. */

/**
 * The first of two `<`. Builders look for here-documents in the text of a `RUN` with a lexer that knows neither `$(…)` nor
 * comments, so that its idea of what is quoted differs from the shell's (moby/buildkit, frontend/dockerfile/parser,
 * heredocsFromLine). Where no two of them are adjacent there is none, whatever is quoted.
 */
const ADJACENT = /<(?=<)/g;

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * One word of a POSIX shell that stands for exactly this text. What has several lines becomes a `printf`, one quoted
 * line each, because a Dockerfile takes no line break inside quotes; line breaks at the end are lost then.
 */
export function quoteForShell(text: string): string {
  if (PLAIN.test(text)) return text;
  if (!text.includes("\n")) return singleQuote(text);
  return [`"$(printf '%s\\n'`, ...text.split("\n").map((line) => `    ${singleQuote(line)}`)].join("\n").concat(`)"`);
}

function singleQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`).replace(ADJACENT, "<''")}'`;
}

/**
 * For use between the double quotes of a shell: literal, but for `${NAME}`, which a requirements file leaves to the
 * environment as well
 * (https://pip.pypa.io/en/stable/reference/requirements-file-format/#using-environment-variables).
 */
export function quoteOpen(text: string): string {
  return text.replace(/[\\"`]|\$(?!\{[A-Z0-9_]+\})/g, "\\$&").replace(ADJACENT, '<""');
}

/**
 * One word of `ENV`, `USER` or `WORKDIR` that stands for exactly this text: nothing in it is expanded. The same for
 * BuildKit (frontend/dockerfile/shell/lex.go) and Buildah (openshift/imagebuilder, shell_parser.go): between double
 * quotes both know `\"`, `\$` and `\\`, and nothing else.
 */
export function quoteForDockerfile(text: string): string {
  return PLAIN.test(text) ? text : `"${text.replace(/["$\\]/g, "\\$&")}"`;
}

/**
 * What has a meaning in `ENV` without quotes: a backslash before a variable, a dollar sign that stands for itself, a
 * variable (in the word after `:-` and `:+` too, where no lexer needs more), or a character that is literal with a backslash.
 */
const MEANINGS =
  /\\\\(?=\$)|\\\$|\$([A-Za-z_]\w*)|\$\{[A-Za-z_]\w*(?::[-+](?:[^"'\\${}]|\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\})*)?\}|(["$\\])/g;

/**
 * The same for a text in which `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}` stand for variables, and `\\$` for a
 * dollar sign; all else in it is literal. These mean the same to both lexers.
 */
export function quoteExpanding(text: string): string {
  const quoted = text.replace(MEANINGS, (found, bare?: string, literal?: string) => {
    if (bare !== undefined) return `\${${bare}}`;
    return literal === undefined ? found : `\\${found}`;
  });
  return `"${quoted}"`;
}

/** Whether there is a `${` in such a text that {@link quoteExpanding} does not know, and a lexer may. */
export function hasUnknownExpansion(text: string): boolean {
  return [...text.matchAll(MEANINGS)].some(({ 2: literal, index }) => literal === "$" && text[index + 1] === "{");
}

/**
 * The operands of `COPY`: paths taken literally. A path with odd characters turns the whole list into the JSON form,
 * where it must be escaped three times: for the glob (Go's filepath.Match), for the expansion of variables, for JSON.
 * As a class of its own in the glob, `<` cannot start a here-document, which BuildKit looks for in the JSON form too
 * (instructions/parse.go, parseSourcesAndDest), nor a byte order mark a word, where the lexers drop it (Go's text/scanner).
 */
export function quoteOperands(sources: readonly string[], destination: string): string {
  const paths = [...sources, destination];
  if (paths.every((path) => PLAIN.test(path) && !path.startsWith("-"))) return paths.join(" ");
  const words = [...sources.map((source) => escapeWord(escapeGlob(source))), escapeWord(destination)];
  return JSON.stringify(words).replaceAll('","', '", "');
}

function escapeGlob(path: string): string {
  return path.replace(/[*?[<\ufeff]/g, "[$&]").replaceAll("\\", "\\\\");
}

function escapeWord(text: string): string {
  return text.replace(/[\\"'$]/g, "\\$&");
}
