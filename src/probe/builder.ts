import { autoChoice } from "../backends/auto.ts";
import type { Backend, BuilderNode } from "../backends/backend.ts";
import type { NonEmpty } from "../values.ts";

/** The backend that has to create the builder, and its nodes; undefined if the builder exists or none is given. */
export function builderToMake(
  choice: Backend | "auto",
  builder: string | undefined,
): { readonly backend: Backend; readonly nodes: NonEmpty<BuilderNode> } | undefined {
  if (builder === undefined) return undefined;
  const backend = choice === "auto" ? autoChoice(builder, {}).setUp : choice;
  const nodes = backend.nodesOf?.(builder);
  return nodes === undefined ? undefined : { backend, nodes };
}
