/** The report of a successful build: source of the outputs, the summary and the digest file. */
import type { Engine } from "../backends/backend.ts";
import type { Bento, LocatedModel } from "../bento/bento.ts";
import type { Reference } from "../oci/reference.ts";
import type { BuildResult } from "../result/result.ts";

export interface Phase {
  readonly title: string;
  readonly seconds: number;
}

export interface LayerReport {
  readonly title: string;
  /** How its bytes were obtained, e.g. `cached, not read`. */
  readonly note?: string;
}

/** Bytes of one kind of layers, in this image and in the previous one. */
export interface SizeChange {
  readonly title: string;
  readonly now: number;
  readonly before: number;
}

export interface Report {
  readonly bento: Bento;
  readonly models: readonly LocatedModel[];
  readonly backend: string;
  /** What assembled the layers, and why: `direct, environment cached`. */
  readonly assembly: string;
  /** The builder's cache: which one, why, and how much of it was used. */
  readonly cache?: string;
  readonly engine: Engine;
  readonly references: readonly Reference[];
  readonly pushed: boolean;
  /** Whether the image was pushed without tags; then only the repositories of the references count. */
  readonly byDigest: boolean;
  readonly dryRun: boolean;
  readonly result: BuildResult;
  /** The payload layers, from bottom to top: the image's last layers. Empty if the user gave a Dockerfile. */
  readonly payload: readonly LayerReport[];
  /** Sizes compared with the image that the first tag had before, else with that of the Bento's previous tag; empty without such an image. */
  readonly changes: readonly SizeChange[];
  readonly base: string;
  readonly dockerfile: string;
  /** Absolute path of the OCI layout, if one was requested. */
  readonly layout?: string;
  readonly commands: readonly string[];
  readonly phases: readonly Phase[];
  readonly notes: readonly string[];
}
