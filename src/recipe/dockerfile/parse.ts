import { ownValue } from "../../values.ts";
/** Parses a Dockerfile far enough to find instructions, their lines and the base image. */

/** One instruction. Continued lines are joined; comments and the bodies of heredocs are left out. */
export interface Instruction {
  /** Upper case. */
  readonly keyword: string;
  /** `--name` or `--name=value`, as written. */
  readonly flags: readonly string[];
  /** What follows the flags. */
  readonly operands: string;
  /** Counted from 1. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** Whether lines that are no instructions follow, as a here-document. */
  readonly hasHereDocument: boolean;
}

const HEREDOC = /(?:^|\s)\d*<<(-?)(["']?)([A-Za-z_]\w*)\2(?=$|[\s;|&<>)])/g;
const HEREDOC_KEYWORDS = ["RUN", "COPY", "ADD"];

/**
 * Reads the instructions of a Dockerfile.
 * @see https://docs.docker.com/reference/dockerfile/#format
 */
export function parseDockerfile(text: string): readonly Instruction[] {
  const lines = text.split(/\r?\n/);
  const continuation = new RegExp(`\\${escapeCharacter(lines)}[ \\t]*$`);
  const ends = heredocEnds(lines);
  const instructions: Instruction[] = [];
  let index = 0;
  while (index < lines.length) {
    const parts: string[] = [];
    let firstLine = index + 1;
    for (let more = true; more && index < lines.length; index += 1) {
      const line = lines[index] ?? "";
      if (/^\s*#/.test(line) || (line.trim() === "" && parts.length > 0)) continue;
      if (parts.length === 0) firstLine = index + 1;
      more = continuation.test(line);
      parts.push(line.replace(continuation, ""));
    }
    const logical = parts.join("").trim();
    if (logical === "") continue;
    const instruction = splitInstruction(logical);
    const lastOwn = index;
    if (HEREDOC_KEYWORDS.includes(instruction.keyword)) index = skipHeredocs(logical, ends, index);
    instructions.push({ ...instruction, firstLine, lastLine: index, hasHereDocument: index > lastOwn });
  }
  return instructions;
}

/** The image of the last `FROM`, with stage names and `ARG` values resolved. Variables without a value stay as written. */
export function lastBase(
  instructions: readonly Instruction[],
  buildArgs: Readonly<Record<string, string>>,
): string | undefined {
  const values = new Map<string, string>();
  const stages = new Map<string, string>();
  let base: string | undefined;
  for (const { keyword, operands } of instructions) {
    if (keyword === "ARG" && base === undefined) {
      for (const [, name = "", quoted, bare = ""] of operands.matchAll(/([A-Za-z_]\w*)(?:=(?:"([^"]*)"|(\S*)))?/g)) {
        values.set(name, ownValue(buildArgs, name) ?? quoted ?? bare);
      }
    }
    if (keyword !== "FROM") continue;
    const [image = "", , stage] = operands.split(/\s+/);
    const expanded = image.replace(/\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g, (whole, braced, bare) =>
      String(values.get(braced ?? bare) ?? whole),
    );
    base = stages.get(expanded.toLowerCase()) ?? expanded;
    if (stage !== undefined) stages.set(stage.toLowerCase(), base);
  }
  return base;
}

/** Parser directives come before everything else: https://docs.docker.com/reference/dockerfile/#escape */
function escapeCharacter(lines: readonly string[]): string {
  for (const line of lines) {
    const [, name, value] = /^#\s*([a-zA-Z]+)\s*=\s*(\S+)/.exec(line) ?? [];
    if (name === undefined) return "\\";
    if (name.toLowerCase() === "escape" && value === "`") return "`";
  }
  return "\\";
}

function splitInstruction(logical: string): Pick<Instruction, "keyword" | "flags" | "operands"> {
  const [, keyword = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(logical) ?? [];
  const [leading = ""] = /^(?:--\S+\s+)*/.exec(rest) ?? [];
  return {
    keyword: keyword.toUpperCase(),
    flags: leading.split(/\s+/).filter((flag) => flag !== ""),
    operands: rest.slice(leading.length).trim(),
  };
}

/** The index after the bodies. Without an end marker it is not a heredoc. */
function skipHeredocs(logical: string, ends: HeredocEnds, start: number): number {
  let index = start;
  for (const [, dash, , name = ""] of logical.matchAll(HEREDOC)) {
    const end = ends(name, dash === "-", index);
    if (end !== undefined) index = end + 1;
  }
  return index;
}

/** The index of the first line at or after `from` that ends the heredoc of that name. */
type HeredocEnds = (name: string, isIndented: boolean, from: number) => number | undefined;

/** Finds the ends of heredocs in linear time. Successive calls must not go backwards. */
function heredocEnds(lines: readonly string[]): HeredocEnds {
  // In descending order, so that the next end is the last element.
  const plain = new Map<string, number[]>();
  const indented = new Map<string, number[]>();
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const [, tabs, name] = /^(\t*)([A-Za-z_]\w*)$/.exec(lines[index] ?? "") ?? [];
    if (name === undefined) continue;
    for (const positions of tabs === "" ? [plain, indented] : [indented]) {
      const existing = positions.get(name);
      if (existing === undefined) positions.set(name, [index]);
      else existing.push(index);
    }
  }
  return (name, isIndented, from) => {
    const positions = (isIndented ? indented : plain).get(name) ?? [];
    while ((positions.at(-1) ?? from) < from) positions.pop();
    return positions.at(-1);
  };
}
