import { Failure } from "../errors.ts";

/** The tools that the action can install: those that its backends need and a bare machine lacks. */
export const TOOL_NAMES = ["buildx", "buildkit", "nerdctl", "nerdctl-full", "rootlesskit", "cni-plugins"] as const;

export type ToolName = (typeof TOOL_NAMES)[number];

export interface ToolRequest {
  readonly name: ToolName;
  /** Without a `v`: `0.32.2`. */
  readonly version: string;
}

/** The values of the inputs `tools`, `tool-checksums`, `tool-mirror` and `install`. */
export interface ToolSettings {
  readonly tools: readonly ToolRequest[];
  /** SHA-256 in hexadecimal digits, by the name of the release's file. */
  readonly toolChecksums: Readonly<Record<string, string>>;
  /** An absolute directory, or a URL (`file:`, `http:`, `https:`). */
  readonly toolMirror: string | undefined;
  /** `missing` when unset. */
  readonly install: InstallPolicy | undefined;
}

export const INSTALL_POLICIES = ["missing", "never", "always"] as const;

export type InstallPolicy = (typeof INSTALL_POLICIES)[number];

/** https://semver.org without build metadata, which no release of these tools has. */
const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*)?$/;

/**
 * Reads `name@version` items, separated by blanks, newlines or commas. Whether a version is available is checked later,
 * because it depends on the machine.
 * @throws Failure `input` with all mistakes.
 */
export function parseToolRequests(text: string): readonly ToolRequest[] {
  const problems: string[] = [];
  const requests: ToolRequest[] = [];
  for (const item of text.split(/[\s,]+/).filter((word) => word !== "")) {
    const at = item.indexOf("@");
    const given = at < 0 ? item : item.slice(0, at);
    const name = TOOL_NAMES.find((one) => one === given);
    const version = at < 0 ? "" : item.slice(at + 1).replace(/^v/, "");
    if (name === undefined) problems.push(`"${given}" is none of ${TOOL_NAMES.join(", ")}`);
    else if (!VERSION.test(version)) problems.push(`"${item}" has no valid version`);
    else if (requests.some((request) => request.name === name)) problems.push(`${name} is given twice`);
    else requests.push({ name, version });
  }
  refuse(problems);
  return requests;
}

/**
 * Reads lines in the format of `sha256sum`, which releases publish: checksum, blanks, file name (preceded by `*` if it was
 * read as binary; https://www.gnu.org/software/coreutils/manual/html_node/cksum-output-modes.html).
 * @throws Failure `input` with all mistakes.
 */
export function parseChecksums(text: string): Readonly<Record<string, string>> {
  const problems: string[] = [];
  const found = new Map<string, string>();
  const lines = text.split("\n").map((line) => line.trim());
  for (const line of lines.filter((one) => one !== "" && !one.startsWith("#"))) {
    const [, sum = "", asset = ""] = /^([0-9a-fA-F]{64})\s+\*?(?:\.\/)?([^\s/]+)$/.exec(line) ?? [];
    const sha256 = sum.toLowerCase();
    if (asset === "") problems.push(`"${line}" is not a SHA-256 checksum and a file name`);
    else if ((found.get(asset) ?? sha256) !== sha256)
      problems.push(`${asset} is given twice, with different checksums`);
    else found.set(asset, sha256);
  }
  refuse(problems);
  return Object.fromEntries(found);
}

/** @throws Failure `input` when the text is neither an absolute directory nor a file, http or https URL. */
export function parseMirror(text: string): string | undefined {
  const mirror = text.trim().replace(/(?<!^|\/)\/+$/, "");
  if (mirror === "") return undefined;
  const isUrl = ["file:", "http:", "https:"].includes(URL.parse(mirror)?.protocol ?? "");
  if (!mirror.startsWith("/") && !isUrl) {
    throw new Failure("input", `"${mirror}" is neither an absolute directory nor a file, http or https URL`);
  }
  return mirror;
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new Failure("input", problems.join("; "));
}
