import type { LiveProcess } from "../machine/machine.ts";
import type { Owner } from "./owner.ts";

export const DAEMONS = ["buildkitd", "containerd"] as const;
export type DaemonName = (typeof DAEMONS)[number];

/**
 * One thing that was created, or was about to be. A record contains no commands and no arbitrary paths: what is run and
 * removed for an entry follows from the engine's directory and from this code, so a forged record cannot run anything.
 */
export type RecordEntry =
  | { readonly kind: "process"; readonly name: DaemonName; readonly process?: LiveProcess }
  /** Daemons and files of root, started by sudo. */
  | { readonly kind: "root" }
  /** The state of a rootless buildkitd: it has files of mapped user ids, which only rootlesskit can remove. */
  | { readonly kind: "mapped" }
  /** A directory that is kept; mounts below it are removed. See `kept-state.ts`. */
  | { readonly kind: "kept"; readonly path: string }
  /** The build cache of a buildkitd in a containerd of the machine. */
  | { readonly kind: "cache" }
  /** A buildx builder, with the name of the engine's directory. */
  | { readonly kind: "builder" };

export interface EngineRecord {
  readonly owner: Owner;
  /** Absolute directories of the tools that the action installed: below the tool cache. */
  readonly tools: readonly string[];
  /** In the order of creation. */
  readonly made: readonly RecordEntry[];
}
