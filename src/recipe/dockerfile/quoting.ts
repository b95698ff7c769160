/** Quotes text from a manifest as one word of the shell or of a Dockerfile instruction. */

/**
 * The first of two adjacent `<`. Builders search a `RUN` for here-documents with a lexer that does not support `$(…)` or
 * comments, so it may disagree with the shell about what is quoted (moby/buildkit, frontend/dockerfile/parser,
 * heredocsFromLine). Without two adjacent `<` it never finds one.
 */
const ADJACENT = /<(?=<)/g;

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * Quotes a text as one word of a POSIX shell. A text of several lines becomes a `printf` with one quoted word for each
 * line, because a Dockerfile does not allow line breaks inside quotes; trailing line breaks are lost.
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
 * Escapes a text for use between double quotes in a shell. Only `${NAME}` is expanded, as in a requirements file
 * (https://pip.pypa.io/en/stable/reference/requirements-file-format/#using-environment-variables).
 */
export function quoteOpen(text: string): string {
  return text.replace(/[\\"`]|\$(?!\{[A-Z0-9_]+\})/g, "\\$&").replace(ADJACENT, '<""');
}

/**
 * Quotes a text as one word of `ENV`, `USER` or `WORKDIR` in which nothing is expanded. It works with BuildKit
 * (frontend/dockerfile/shell/lex.go) and Buildah (openshift/imagebuilder, shell_parser.go): between double quotes, both
 * support exactly the escapes `\"`, `\$` and `\\`.
 */
export function quoteForDockerfile(text: string): string {
  return PLAIN.test(text) ? text : `"${text.replace(/["$\\]/g, "\\$&")}"`;
}

/**
 * The special parts of an unquoted `ENV` value: a backslash before a variable, an escaped dollar sign, a variable (also
 * inside the word after `:-` and `:+`), or a character that needs a backslash to be literal.
 */
const MEANINGS =
  /\\\\(?=\$)|\\\$|\$([A-Za-z_]\w*)|\$\{[A-Za-z_]\w*(?::[-+](?:[^"'\\${}]|\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\})*)?\}|(["$\\])/g;

/**
 * Quotes a text in which `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}` are expanded and `\\$` is a dollar sign.
 * Everything else is literal. Both lexers treat these forms alike.
 */
export function quoteExpanding(text: string): string {
  const quoted = text.replace(MEANINGS, (found, bare?: string, literal?: string) => {
    if (bare !== undefined) return `\${${bare}}`;
    return literal === undefined ? found : `\\${found}`;
  });
  return `"${quoted}"`;
}

/** Whether a text has a `${` form that {@link quoteExpanding} does not support but a lexer might expand. */
export function hasUnknownExpansion(text: string): boolean {
  return [...text.matchAll(MEANINGS)].some(({ 2: literal, index }) => literal === "$" && text[index + 1] === "{");
}

/**
 * The operands of `COPY`, with literal paths. If a path has special characters, the whole list uses the JSON form, and
 * each path is escaped three times: for the glob (Go's filepath.Match), for the expansion of variables, and for JSON. `<`
 * and the byte order mark become glob classes: `<` could start a here-document, for which BuildKit searches the JSON form
 * too (instructions/parse.go, parseSourcesAndDest), and lexers drop a byte order mark at the start of a word (Go's
 * text/scanner).
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
