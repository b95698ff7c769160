/** How buildctl queries a buildkitd, and how to read its answers. */

import type { Captured } from "../machine/machine.ts";
import { normalizePlatform, type Platform } from "../oci/platform.ts";
import type { BuilderKeys, Engine, Question } from "./backend.ts";

/** The flags that tell buildctl the daemon's address and its TLS files. Source: https://github.com/moby/buildkit/blob/master/cmd/buildctl/main.go */
export function addressFlags(builder: string | undefined, { ca, cert, key }: BuilderKeys = {}): readonly string[] {
  const given = { "--addr": builder, "--tlscacert": ca, "--tlscert": cert, "--tlskey": key };
  return Object.entries(given).flatMap(([flag, text]) => (text === undefined ? [] : [flag, text]));
}

/** The query for the daemon's workers, which list their platforms with the native one first. */
export function workersQuestion(builder: string | undefined, keys?: BuilderKeys): Question {
  return { tool: "buildctl", args: [...addressFlags(builder, keys), "debug", "workers", "--format", "{{json .}}"] };
}

interface Worker {
  readonly platforms?: readonly Partial<Platform>[];
}

/** The native platform: the first one of the first worker in `buildctl debug workers --format '{{json .}}'`. */
export function nativePlatform(workers: unknown): { readonly platform?: Platform } {
  const [worker]: readonly Worker[] = Array.isArray(workers) ? workers : [];
  const [first] = worker?.platforms ?? [];
  if (first?.os === undefined || first.architecture === undefined) return {};
  const { os, architecture, variant } = first;
  return { platform: normalizePlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) }) };
}

/** The daemon for messages; undefined is the tool's default address. */
export function describeDaemon(builder: string | undefined): string {
  return builder === undefined ? "a buildkitd" : `the buildkitd at ${builder}`;
}

/** The daemon at the engine's address, unless it answered. */
export function unreachableBuildkitd(answer: Captured | undefined, { builder }: Engine): readonly string[] {
  return answer?.code === 0 ? [] : [`the buildkitd at ${builder ?? "buildctl's default address"}`];
}
