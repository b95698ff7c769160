import { Failure } from "../../errors.ts";

/**
 * Chooses files by `include` and `exclude` as huggingface_hub does for BentoML: Python's `fnmatch` over the whole path,
 * so that `*` crosses directories; a pattern that ends in `/` means all below it; no `include` means everything
 * (`filter_repo_objects` in
 * https://github.com/huggingface/huggingface_hub/blob/v1.0.0/src/huggingface_hub/utils/_paths.py).
 */
export function selectPaths<T extends { readonly path: string }>(
  files: readonly T[],
  { include, exclude }: { readonly include: readonly string[]; readonly exclude: readonly string[] },
): readonly T[] {
  const wanted = include.map(compile);
  const unwanted = exclude.map(compile);
  return files.filter(
    ({ path }) =>
      (wanted.length === 0 || wanted.some((pattern) => pattern.test(path))) &&
      !unwanted.some((pattern) => pattern.test(path)),
  );
}

/** https://docs.python.org/3/library/fnmatch.html: `*`, `?`, `[seq]`, `[!seq]`; nothing quotes, case counts. */
function compile(pattern: string): RegExp {
  const glob = pattern.endsWith("/") ? `${pattern}*` : pattern;
  const source = glob.replace(/\*+|\?|\[!?\]?[^\]]*\]|[\s\S]/gu, (piece) => {
    if (piece.startsWith("*")) return ".*";
    if (piece === "?") return ".";
    return piece.length > 1 && piece.startsWith("[") ? characterClass(piece.slice(1, -1)) : escapeText(piece);
  });
  try {
    return new RegExp(`^(?:${source})$`, "su");
  } catch (error) {
    throw new Failure("bento", `A model's pattern ${JSON.stringify(pattern)} is none: ${String(error)}`, {
      code: "ValueInvalid",
      cause: error,
    });
  }
}

function characterClass(content: string): string {
  const negated = content.startsWith("!");
  const members = (negated ? content.slice(1) : content).replace(/[\\\]^[]/g, "\\$&");
  return `[${negated ? "^" : ""}${members}]`;
}

function escapeText(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
