/** pip's requirements file format: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */

/** A line that refers to a package or requirements outside an index. */
export interface RequirementReference {
  readonly kind: "file" | "requirements";
  /** As written in the file. */
  readonly text: string;
  /** The path, or a `file:` URL. */
  readonly path: string;
}

export interface Requirements {
  /** Options that choose the index, `--name value`, in file order. */
  readonly indexOptions: readonly string[];
  readonly references: readonly RequirementReference[];
}

const SHORT: Readonly<Record<string, string>> = { "-i": "--index-url", "-f": "--find-links" };
const INDEX_OPTIONS = new Set(["--index-url", "--extra-index-url", "--find-links", "--trusted-host", "--no-index"]);
const NESTED = new Set(["-r", "--requirement", "-c", "--constraint"]);
const EDITABLE = new Set(["-e", "--editable"]);
const ARCHIVE = /\.(?:whl|tar\.gz|tgz|zip|tar\.bz2|tar\.xz)$/;

/** Parses a requirements file, with comments and continued lines as in pip. */
export function parseRequirements(text: string): Requirements {
  const lines = text
    .replace(/\\\r?\n/g, " ")
    .split(/\r?\n/)
    .map((line) => line.replace(/(?:^|\s)#.*$/s, "").trim())
    .filter((line) => line !== "");
  return {
    indexOptions: lines.map(indexOptionOf).filter((option) => option !== undefined),
    references: lines.map(referenceOf).filter((reference) => reference !== undefined),
  };
}

function splitOption(line: string): { readonly name: string; readonly value: string } | undefined {
  const [, name = "", rest = ""] = /^(-[a-zA-Z]|--[a-z-]+)(?![a-z-])(.*)$/s.exec(line) ?? [];
  const value = rest.trim();
  if (name === "" || !/^(?:\s|=|$)/.test(rest)) return undefined;
  return { name: SHORT[name] ?? name, value: value.startsWith("=") ? value.slice(1).trim() : value };
}

function indexOptionOf(line: string): string | undefined {
  const option = splitOption(line);
  if (option === undefined || !INDEX_OPTIONS.has(option.name)) return undefined;
  return `${option.name} ${option.value}`.trim();
}

function referenceOf(line: string): RequirementReference | undefined {
  const option = splitOption(line);
  if (option !== undefined) {
    if (NESTED.has(option.name)) return reference("requirements", option.value);
    return EDITABLE.has(option.name) ? fileReference(option.value) : undefined;
  }
  const [, direct] = /^[\w.-]+(?:\[[^\]]*\])?\s*@\s*(\S+)/.exec(line) ?? [];
  return fileReference(direct ?? line.split(/\s+|;/)[0] ?? "");
}

/** pip reads a requirement as a path when it starts with `.` or `/` or has the suffix of an archive; `file:` URLs are paths too. */
function fileReference(text: string): RequirementReference | undefined {
  if (/^file:/i.test(text)) return reference("file", text);
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return undefined;
  const isPath = text.startsWith(".") || text.startsWith("/") || ARCHIVE.test(text);
  return isPath ? reference("file", text) : undefined;
}

function reference(kind: RequirementReference["kind"], text: string): RequirementReference | undefined {
  const path = withoutExtras(text.replace(/#.*$/s, ""));
  return path === "" ? undefined : { kind, text, path };
}

/** `./wheel.whl[extra]` refers to the file `./wheel.whl`. A name that is completely in brackets is a file name. */
function withoutExtras(path: string): string {
  const start = path.lastIndexOf("[");
  const isExtras =
    path.endsWith("]") && start > 0 && path[start - 1] !== "/" && path.indexOf("]", start) === path.length - 1;
  return isExtras ? path.slice(0, start) : path;
}
