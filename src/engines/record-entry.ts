import type { LiveProcess } from "../machine/machine.ts";
import type { Owner } from "./owner.ts";

export const DAEMONS = ["buildkitd", "containerd"] as const;
export type DaemonName = (typeof DAEMONS)[number];

/**
 * One thing that was made, or was about to be. A record holds no command and no place that could be any: what is run
 * and removed for an entry follows from the engine's directory and from this code, so that a record which somebody else
 * wrote makes nothing run.
 */
export type RecordEntry =
  | { readonly kind: "process"; readonly name: DaemonName; readonly process?: LiveProcess }
  /** Daemons and files of root's, by sudo. */
  | { readonly kind: "root" }
  /** The state of a rootless buildkitd: files of other user ids are in it, which only rootlesskit may remove. */
  | { readonly kind: "mapped" }
  /** A directory that stays, but nothing mounted below it does; see `kept-state.ts`. */
  | { readonly kind: "kept"; readonly path: string }
  /** What a buildkitd put into a containerd that is not ours. */
  | { readonly kind: "cache" }
  /** Of buildx, with the name of the engine's directory. */
  | { readonly kind: "builder" };

export interface EngineRecord {
  readonly owner: Owner;
  /** Absolute directories of the tools that the action installed: below the tool cache. */
  readonly tools: readonly string[];
  /** In the order of making. */
  readonly made: readonly RecordEntry[];
}
