/** The report of a successful build: source of the outputs, the summary and the digest file. */
import type { Engine } from "../backends/backend.ts";
import type { Bento, LocatedModel } from "../bento/bento.ts";
import type { Reference } from "../oci/reference.ts";
import type { BuildResult } from "../result/result.ts";

export interface Phase {
  readonly title: string;
  /** Seconds from the start of the run. */
  readonly start: number;
  readonly seconds: number;
}

export interface LayerReport {
  readonly title: string;
  /** How its bytes were obtained, e.g. `cached, not read`. */
  readonly note?: string;
}

/** The classes of an image's layers. A summary without access to the base image cannot tell it from the environment. */
export const LAYER_CLASSES = ["environment", "models", "code"] as const;

export type LayerClass = (typeof LAYER_CLASSES)[number];

/** The class of a payload layer with this title; layers without one are the environment. */
export function layerClass(title: string | undefined): LayerClass {
  if (title === undefined) return "environment";
  return title.startsWith("model ") ? "models" : "code";
}

/** Bytes of one kind of layers, in this image and in the previous one. */
export interface SizeChange {
  readonly title: string;
  readonly now: number;
  readonly before: number;
}

/** What the push of an image took, in bytes. */
export interface Traffic {
  /** Bodies of requests to registries, those of repeated requests included. */
  readonly sent: number;
  /** Layers of the image that the registries had already. */
  readonly reused: number;
  /** The tool that built the environment and sent its layers itself, if one did. */
  readonly environmentBy?: string;
}

export interface Report {
  readonly bento: Bento;
  readonly models: readonly LocatedModel[];
  readonly backend: string;
  /** What assembled the layers, and why: `direct, environment cached`. */
  readonly assembly: string;
  /** Where direct assembly got the environment from: `cached`, `built by docker`. */
  readonly environment?: string;
  /** The builder's cache: which one, why, and how much of it was used. */
  readonly cache?: string;
  readonly engine: Engine;
  readonly references: readonly Reference[];
  readonly pushed: boolean;
  /** Whether the image was pushed without tags; then only the repositories of the references count. */
  readonly byDigest: boolean;
  readonly dryRun: boolean;
  /** Whether an identical image existed, and nothing was built (`if-exists: skip`). */
  readonly existed: boolean;
  readonly result: BuildResult;
  /** Absent when this action did not push the layers itself. */
  readonly traffic?: Traffic;
  /** The payload layers, from bottom to top: the image's last layers. Empty if the user gave a Dockerfile. */
  readonly payload: readonly LayerReport[];
  /** Sizes compared with the image that the first tag had before, else with that of the Bento's previous tag; empty without such an image. */
  readonly changes: readonly SizeChange[];
  readonly base: string;
  /** Absolute path. */
  readonly dockerfile: string;
  /** Absolute path of the OCI layout, if one was requested. */
  readonly layout?: string;
  readonly commands: readonly string[];
  /** Commands that fetch and run the image. */
  readonly usage: readonly string[];
  readonly phases: readonly Phase[];
  /** Duration of the run. */
  readonly seconds: number;
  readonly notes: readonly string[];
}
