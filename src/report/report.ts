/** What is told of a build that went well. */
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
  /** How its bytes came about, e.g. `cached, not read`. */
  readonly note?: string;
}

/** Bytes of one kind of layers, now and in the image that the tag had before. */
export interface SizeChange {
  readonly title: string;
  readonly now: number;
  readonly before: number;
}

export interface Report {
  readonly bento: Bento;
  readonly models: readonly LocatedModel[];
  readonly backend: string;
  /** Who made the layers, and why: `direct, environment cached`. */
  readonly assembly: string;
  /** The builder's cache: which, why, and what it was good for. */
  readonly cache?: string;
  readonly engine: Engine;
  readonly references: readonly Reference[];
  readonly pushed: boolean;
  /** Pushed under no tag; of the references, the repositories count. */
  readonly byDigest: boolean;
  readonly dryRun: boolean;
  readonly result: BuildResult;
  /** The payload layers, bottom to top: the image's last layers. Empty with a Dockerfile of the user's own. */
  readonly payload: readonly LayerReport[];
  /** Against the image that the first tag, or else the tag of the Bento's last image, had before; empty when there is nothing to compare with. */
  readonly changes: readonly SizeChange[];
  readonly base: string;
  readonly dockerfile: string;
  /** Absolute path of the OCI layout, when one was asked for. */
  readonly layout?: string;
  readonly commands: readonly string[];
  readonly phases: readonly Phase[];
  readonly notes: readonly string[];
}
