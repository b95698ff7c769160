/** Reads `docker buildx inspect`: the nodes of a builder, and which of them answer. */

import type { Captured } from "../machine/machine.ts";
import { type Platform, parsePlatform, printPlatform } from "../oci/platform.ts";
import type { Engine, EngineNode, Question } from "./backend.ts";

export interface InspectedNode extends EngineNode {
  readonly status: string | undefined;
  readonly buildkit: string | undefined;
}

interface Builder {
  readonly name: string | undefined;
  /** Undefined for the docker daemon itself if it does not answer. */
  readonly driver: string | undefined;
  readonly error: string | undefined;
  readonly nodes: readonly InspectedNode[];
}

/** Reads the text output of `docker buildx inspect`; JSON exists only since buildx 0.30. */
export function readInspect(text: string): Builder {
  const [head = "", ...rest] = text.split(/^Nodes:.*$/m);
  const nodes = rest
    .join("")
    .split(/^(?=Name:)/m)
    .filter((part) => part.startsWith("Name:"));
  const [name, driver, error] = ["Name", "Driver", "Error"].map((label) => field(head, label));
  return { name, driver, error, nodes: nodes.map(readNode) };
}

function readNode(text: string): InspectedNode {
  return {
    name: field(text, "Name") ?? "",
    address: field(text, "Endpoint") ?? "",
    status: field(text, "Status"),
    buildkit: field(text, "BuildKit(?: version)?"),
    platforms: (field(text, "Platforms")?.split(",") ?? []).flatMap(readPlatform),
  };
}

/**
 * Removes the star that marks platforms given to `docker buildx create --platform`, and the number of variants that
 * `docker buildx ls` sums up, as in `linux/amd64* (+3)`. What cannot be read, such as `windows(10.0.20348)/amd64`, is left
 * out: no image of this action is for it.
 */
function readPlatform(word: string): readonly Platform[] {
  try {
    return [parsePlatform(word.trim().replace(/\*?( \(\+\d+\))?$/, ""))];
  } catch {
    return [];
  }
}

function field(text: string, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*(\\S.*)$`, "m").exec(text)?.[1]?.trim();
}

/** Queries the builder without starting it. Versions of buildx without the flag `--timeout` reject it. */
export function inspectQuestion(builder: string | undefined): Question {
  return { args: ["buildx", "inspect", "--timeout", "4s", ...builderFlag(builder)] };
}

export function builderFlag(builder: string | undefined): readonly string[] {
  return builder === undefined ? [] : ["--builder", builder];
}

export function isUnreachable({ status }: InspectedNode): boolean {
  return status !== undefined && status !== "running";
}

/** Descriptions of the unreachable nodes. A node without a configured platform gets the one that it reported before. */
export function unreachableNodes(answer: Captured | undefined, { nodes = [] }: Engine): readonly string[] | undefined {
  if (answer === undefined || answer.code !== 0) return undefined;
  return readInspect(answer.stdout)
    .nodes.filter(isUnreachable)
    .map((node) => {
      const platform = node.platforms[0] ?? nodes.find(({ name }) => name === node.name)?.platforms[0];
      return `node ${node.name} at ${node.address}${platform === undefined ? "" : ` (${printPlatform(platform)})`}`;
    });
}
