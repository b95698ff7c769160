/** What is told of a build that went well. */
import type { Engine } from "../backends/backend.ts";
import type { Bento, LocatedModel } from "../bento/bento.ts";
import type { Reference } from "../image/reference.ts";
import type { BuildResult } from "../result/result.ts";

export interface Phase {
  readonly title: string;
  readonly seconds: number;
}

export interface LayerReport {
  readonly title: string;
  /** How its bytes came about, e.g. `known, not read`. */
  readonly note?: string;
}

export interface Report {
  readonly bento: Bento;
  readonly models: readonly LocatedModel[];
  readonly backend: string;
  readonly engine: Engine;
  readonly references: readonly Reference[];
  readonly pushed: boolean;
  readonly dryRun: boolean;
  readonly result: BuildResult;
  /** The payload layers, bottom to top: the image's last layers. Empty with a Dockerfile of the user's own. */
  readonly payload: readonly LayerReport[];
  readonly base: string;
  readonly dockerfile: string;
  /** Absolute path of the OCI layout, when one was asked for. */
  readonly layout?: string;
  readonly commands: readonly string[];
  readonly phases: readonly Phase[];
  readonly notes: readonly string[];
}
