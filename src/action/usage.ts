import type { Delivery } from "../backends/backend.ts";
import type { Bento } from "../bento/bento.ts";
import { deliveriesOf, referencesOf } from "../commands/plan.ts";
import { quoteArgument } from "../commands/quote.ts";
import type { Inputs } from "../inputs/schema.ts";
import { printReference, type Reference, withDigest } from "../oci/reference.ts";
import type { BuildOutcome } from "./job.ts";

/** The port on which a Bento serves, and the one by which it is reached on the machine that runs the image. */
const PORTS = "3000:3000";

/**
 * Commands for a shell that fetch the image from where the inputs sent it, and run it: by digest from a registry, by its
 * tag from a local store, from a file by docker or podman. Empty on a dry run.
 */
export function usageOf(
  inputs: Inputs,
  bento: Bento,
  { client, result }: Pick<BuildOutcome, "client" | "result">,
  workspace: string,
): readonly string[] {
  const [first] = referencesOf(inputs, bento);
  if (inputs.dryRun === true || first === undefined) return [];
  return deliveriesOf(inputs, workspace).flatMap((delivery) => {
    const commands = commandsFor(delivery, first, client, result.digest);
    return commands.map((words) => words.map(quoteArgument).join(" "));
  });
}

function commandsFor(
  delivery: Delivery,
  tag: Reference,
  client: BuildOutcome["client"],
  digest: BuildOutcome["result"]["digest"],
): readonly (readonly string[])[] {
  const name = printReference(tag);
  switch (delivery.kind) {
    case "push":
    case "push-by-digest": {
      const pinned = digest === undefined ? name : printReference(withDigest(tag, digest));
      return [["docker", "pull", pinned], run("docker", pinned)];
    }
    case "load":
      return [run(client, name)];
    case "docker-archive":
    case "oci-archive":
      return [["docker", "load", "--input", delivery.path], run("docker", name)];
    case "layout":
      // Docker reads no layout directory.
      return [["podman", "pull", `oci:${delivery.path}`]];
  }
}

function run(program: string, image: string): readonly string[] {
  return [program, "run", "--rm", "-p", PORTS, image];
}
