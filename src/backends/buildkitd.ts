/** What buildctl asks a buildkitd, and what the answers tell. */

import type { Captured } from "../machine/machine.ts";
import { normalizePlatform, type Platform } from "../oci/platform.ts";
import type { BuilderKeys, Engine, Question } from "./backend.ts";

/** How buildctl is told where the daemon is. Source: https://github.com/moby/buildkit/blob/master/cmd/buildctl/main.go */
export function addressFlags(builder: string | undefined, { ca, cert, key }: BuilderKeys = {}): readonly string[] {
  const given = { "--addr": builder, "--tlscacert": ca, "--tlscert": cert, "--tlskey": key };
  return Object.entries(given).flatMap(([flag, text]) => (text === undefined ? [] : [flag, text]));
}

/** The question for its workers, whose platforms are listed with the native one first. */
export function askForWorkers(builder: string | undefined, keys?: BuilderKeys): Question {
  return { tool: "buildctl", args: [...addressFlags(builder, keys), "debug", "workers", "--format", "{{json .}}"] };
}

interface Worker {
  readonly platforms?: readonly Partial<Platform>[];
}

/** The first platform that the first worker of `buildctl debug workers --format '{{json .}}'` names is its native one. */
export function nativePlatform(workers: unknown): { readonly platform?: Platform } {
  const [worker]: readonly Worker[] = Array.isArray(workers) ? workers : [];
  const [first] = worker?.platforms ?? [];
  if (first?.os === undefined || first.architecture === undefined) return {};
  const { os, architecture, variant } = first;
  return { platform: normalizePlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) }) };
}

/** In words; undefined is where the tool looks when nobody says. */
export function daemonAt(builder: string | undefined): string {
  return builder === undefined ? "a buildkitd" : `the buildkitd at ${builder}`;
}

/** The one daemon at the end of the address. */
export function unreachableBuildkitd(answer: Captured | undefined, { builder }: Engine): readonly string[] {
  return answer?.code === 0 ? [] : [`the buildkitd at ${builder ?? "buildctl's default address"}`];
}
