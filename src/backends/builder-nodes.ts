/** Reads the input `builder` if it is not a builder's name: addresses of buildkitds, or deployments in a Kubernetes cluster. */
import { Failure } from "../errors.ts";
import { type Platform, parsePlatform, printPlatform } from "../oci/platform.ts";
import { duplicates, type NonEmpty, nonEmpty } from "../values.ts";
import { type BuilderNode, isAddress } from "./backend.ts";
import { readDeployment } from "./kubernetes-options.ts";

/** Whether it is the address of a single running buildkitd, as buildctl and nerdctl take it. */
export function isOneDaemon(builder: string | undefined): boolean {
  return isAddress(builder) && !/\s/.test(builder ?? "") && !builder?.startsWith(KUBERNETES);
}

/**
 * The input `builder` without surrounding blanks. Addresses are validated; a name is not.
 * @throws Failure `input` that names every problem.
 */
export function parseBuilder(raw: string): string | undefined {
  const builder = raw.trim();
  if (isAddress(builder)) readNodes(builder);
  return builder || undefined;
}

/**
 * One node per line: its address, then the platforms that it builds (default: all that it supports).
 * `kubernetes://NAMESPACE?OPTION=VALUE&…` is a deployment that buildx creates.
 * @throws Failure `input` that names every problem.
 */
export function readNodes(builder: string): NonEmpty<BuilderNode> {
  const problems: string[] = [];
  const nodes = builder.split(/\r?\n/).flatMap((line) => {
    try {
      return line.trim() === "" ? [] : [readNode(line.trim())];
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return [];
    }
  });
  const drivers = new Set(nodes.map(({ driver }) => driver));
  if (drivers.size > 1) problems.push("a builder has either addresses or deployments in Kubernetes, not both");
  for (const duplicate of duplicates(nodes.flatMap(({ endpoint }) => endpoint ?? []))) {
    problems.push(`${duplicate} is given twice`);
  }
  for (const duplicate of duplicates(nodes.flatMap(({ platforms }) => platforms.map(printPlatform)))) {
    problems.push(`${duplicate} is given to two nodes`);
  }
  const all = nonEmpty(nodes);
  if (problems.length > 0 || all === undefined) throw new Failure("input", problems.join("; "));
  return all;
}

const KUBERNETES = "kubernetes://";

function readNode(line: string): BuilderNode {
  const [address = "", ...lists] = line.split(/\s+/);
  const platforms: readonly Platform[] = lists
    .flatMap((list) => list.split(","))
    .filter((platform) => platform !== "")
    .map(parsePlatform);
  if (address.startsWith(KUBERNETES)) return { driver: "kubernetes", ...readDeployment(address), platforms };
  if (!/^[a-z][a-z0-9+.-]*:\/\/./.test(address)) throw new Error(`"${address}" is not an address`);
  return { driver: "remote", endpoint: address, options: {}, platforms };
}
