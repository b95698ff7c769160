/** What must be running? What is asked of this room, and what it gives. */
import type { Env, Machine, System } from "../machine/machine.ts";

export interface EngineSettings {
  /** Registry → where its images are asked for first, e.g. `docker.io` → `mirror.acme.example`. */
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  /** Registries that are spoken to by plain HTTP, or by TLS whose certificate is not checked. */
  readonly insecure: readonly string[];
  /** Absolute paths of CA certificates that every registry named here may be signed by, besides those of the machine. */
  readonly authorities: Readonly<Record<string, readonly string[]>>;
  /** Bytes that the build cache may take; BuildKit's own limits when left out. */
  readonly maxBytes?: number;
}

/** A machine of a builder that buildx makes. */
export interface NodeRequest {
  readonly driver: "remote" | "kubernetes";
  /** Address of a buildkitd that runs. */
  readonly endpoint?: string;
  /** Of buildx's driver. */
  readonly options: Readonly<Record<string, string>>;
  /** Milliseconds until what is made for it answers. */
  readonly readyWithin?: number;
  /** `linux/arm64`; all that it can, when empty. */
  readonly platforms: readonly string[];
}

/** What a builder is made of, where somebody says so. */
export interface BuilderRequest {
  readonly nodes: readonly NodeRequest[];
  /** Absolute paths of PEM files, for addresses that want a certificate; they are moved to the builder. */
  readonly keys: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

export interface EngineRequest {
  /** As in the input `backend`. */
  readonly backend: string;
  /** Absolute directories of the tools that were installed; they come first on PATH. */
  readonly tools: readonly string[];
  readonly settings: EngineSettings;
  /** The oldest version of the backend's program that will do, and what older ones lack. */
  readonly oldest?: { readonly minimum: string; readonly because: string };
  /** Whether the build cache stays on the machine for the next run. */
  readonly keepState: boolean;
  /** Undefined leaves it to us what the builder is. */
  readonly builder?: BuilderRequest;
}

export interface Provision {
  /** Variables that the tools get besides the step's own. */
  readonly env: Env;
  /** The name or address of the builder, as the input `builder` takes it; undefined when the tool knows its engine. */
  readonly builder?: string;
  /** What the user should know, a sentence each. */
  readonly notes: readonly string[];
}

export interface EngineMachine extends Pick<Machine, "env" | "files" | "processes" | "actions" | "signal"> {
  readonly system: System;
}
