/** The types of this room: what an engine is started from, and what starting it gives. */
import type { Env, Machine, System } from "../machine/machine.ts";

export interface EngineSettings {
  /** Registry → its mirrors, which are tried first, e.g. `docker.io` → `mirror.acme.example`. */
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  /** Registries that are accessed by plain HTTP, or by TLS without verification. */
  readonly insecure: readonly string[];
  /** Registry → absolute paths of CA certificates that are trusted besides those of the machine. */
  readonly authorities: Readonly<Record<string, readonly string[]>>;
  /** Limit of the build cache in bytes; default: BuildKit's own limits. */
  readonly maxBytes?: number;
}

/** A node of a builder that buildx creates. */
export interface NodeRequest {
  readonly driver: "remote" | "kubernetes";
  /** Address of a running buildkitd; absent for the driver kubernetes. */
  readonly endpoint?: string;
  /** Options of buildx's driver. */
  readonly options: Readonly<Record<string, string>>;
  /** Milliseconds that a deployment may take until it is ready. */
  readonly readyWithin?: number;
  /** Platforms such as `linux/arm64`; empty: all that the node supports. */
  readonly platforms: readonly string[];
}

/** A builder that the user describes. */
export interface BuilderRequest {
  readonly nodes: readonly NodeRequest[];
  /** Absolute paths of PEM files for addresses that require certificates; the files are moved to the builder. */
  readonly keys: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

/** What to provide: a package that has no daemon, or an engine to start. */
export type Provided =
  | { readonly kind: "nothing" }
  | { readonly kind: "package"; readonly name: string }
  | { readonly kind: "engine"; readonly engine: StartedEngine };

export type StartedEngine = "buildkitd" | "buildx-builder" | "containerd";

export interface EngineRequest {
  /** Name of the backend, as in the input `backend`; the state that is kept has this name. */
  readonly backend: string;
  readonly provides: Provided;
  /** Absolute directories of the installed tools, which precede PATH. */
  readonly tools: readonly string[];
  readonly settings: EngineSettings;
  /** The oldest supported version of the backend's program, and why older ones are not supported. */
  readonly oldest?: { readonly minimum: string; readonly because: string };
  /** Whether the build cache stays on the machine for the next run. */
  readonly keepState: boolean;
  /** The builder to create; default: chosen by this action. */
  readonly builder?: BuilderRequest;
}

export interface Provision {
  /** Environment variables for the tools, besides those of the step. */
  readonly env: Env;
  /** Name or address of the builder, as in the input `builder`; undefined when the tool finds its engine itself. */
  readonly builder?: string;
  /** Notes for the user, one sentence each. */
  readonly notes: readonly string[];
}

export interface EngineMachine extends Pick<Machine, "env" | "files" | "processes" | "actions" | "signal"> {
  readonly system: System;
}
