/** What `docker buildx inspect` tells of a builder: its nodes, and which of them answer. */

import type { Captured } from "../machine/machine.ts";
import { type Platform, parsePlatform, printPlatform } from "../oci/platform.ts";
import type { Engine, EngineNode, Question } from "./backend.ts";

export interface InspectedNode extends EngineNode {
  readonly status: string | undefined;
  readonly buildkit: string | undefined;
}

interface Builder {
  readonly name: string | undefined;
  readonly driver: string | undefined;
  readonly nodes: readonly InspectedNode[];
}

/** Reads the text of `docker buildx inspect`; it has no JSON form before buildx 0.30. */
export function readInspect(text: string): Builder {
  const [head = "", ...rest] = text.split(/^Nodes:.*$/m);
  const nodes = rest
    .join("")
    .split(/^(?=Name:)/m)
    .filter((part) => part.startsWith("Name:"));
  return { name: field(head, "Name"), driver: field(head, "Driver"), nodes: nodes.map(readNode) };
}

function readNode(text: string): InspectedNode {
  return {
    name: field(text, "Name") ?? "",
    address: field(text, "Endpoint") ?? "",
    status: field(text, "Status"),
    buildkit: field(text, "BuildKit(?: version)?"),
    platforms: (field(text, "Platforms")?.split(",") ?? []).map(readPlatform),
  };
}

/** A star marks what `docker buildx create --platform` gave the node. */
function readPlatform(word: string): Platform {
  return parsePlatform(word.trim().replace(/\*$/, ""));
}

function field(text: string, name: string): string | undefined {
  return new RegExp(`^${name}:\\s*(.+)$`, "m").exec(text)?.[1]?.trim();
}

/** Asks without starting anything; older than the flag --timeout, buildx refuses it. */
export function inspection(builder: string | undefined): Question {
  return { args: ["buildx", "inspect", "--timeout", "4s", ...byName(builder)] };
}

export function byName(builder: string | undefined): readonly string[] {
  return builder === undefined ? [] : ["--builder", builder];
}

export function isDead({ status }: InspectedNode): boolean {
  return status !== undefined && status !== "running";
}

/** Dead nodes in words. The platform of one that was not given any is known from before, when it answered. */
export function unreachableNodes(answer: Captured | undefined, { nodes = [] }: Engine): readonly string[] | undefined {
  if (answer === undefined || answer.code !== 0) return undefined;
  return readInspect(answer.stdout)
    .nodes.filter(isDead)
    .map((node) => {
      const platform = node.platforms[0] ?? nodes.find(({ name }) => name === node.name)?.platforms[0];
      return `node ${node.name} at ${node.address}${platform === undefined ? "" : ` (${printPlatform(platform)})`}`;
    });
}
