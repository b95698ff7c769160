/** What the input `builder` says when it is no builder's name: addresses, and what shall be made in a cluster. */
import { Failure } from "../errors.ts";
import { type Platform, parsePlatform, printPlatform } from "../oci/platform.ts";
import { duplicates, type NonEmpty, nonEmpty } from "../values.ts";
import { type BuilderNode, isAddress } from "./backend.ts";
import { readDeployment } from "./kubernetes-options.ts";

/** Whether it is the address of one buildkitd that runs: what its own clients take. */
export function isOneDaemon(builder: string | undefined): boolean {
  return isAddress(builder) && !/\s/.test(builder ?? "") && !builder?.startsWith(KUBERNETES);
}

/**
 * The input `builder` as it is given, without blanks around it; a name is a name, the rest must be understood.
 * @throws Failure `input` of everything that is wrong.
 */
export function parseBuilder(raw: string): string | undefined {
  const builder = raw.trim();
  if (isAddress(builder)) readNodes(builder);
  return builder || undefined;
}

/**
 * A node a line: its address, then the platforms that it shall build, if not all that it can.
 * `kubernetes://NAMESPACE?OPTION=VALUE&…` is a deployment that has yet to be made.
 * @throws Failure `input` of everything that is wrong.
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
  for (const twice of duplicates(nodes.flatMap(({ endpoint }) => endpoint ?? []))) {
    problems.push(`${twice} is given twice`);
  }
  for (const twice of duplicates(nodes.flatMap(({ platforms }) => platforms.map(printPlatform)))) {
    problems.push(`${twice} is given to two nodes`);
  }
  const all = nonEmpty(nodes);
  if (problems.length > 0 || all === undefined) throw new Failure("input", problems.join("; "));
  return all;
}

const KUBERNETES = "kubernetes://";

function readNode(line: string): BuilderNode {
  const [address = "", ...words] = line.split(/\s+/);
  const platforms: readonly Platform[] = words
    .flatMap((word) => word.split(","))
    .filter((word) => word !== "")
    .map(parsePlatform);
  if (address.startsWith(KUBERNETES)) return { driver: "kubernetes", ...readDeployment(address), platforms };
  if (!/^[a-z][a-z0-9+.-]*:\/\/./.test(address)) throw new Error(`"${address}" is no address`);
  return { driver: "remote", endpoint: address, options: {}, platforms };
}
