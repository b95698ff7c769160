/** Versions as tools print them, and what an engine says of its own. */
import gte from "semver/functions/gte.js";
import parse from "semver/functions/parse.js";
import type { Component, Engine } from "./backend.ts";

/** `v0.33.0`, `0.33.0-rc1+x`, `v0.29.0-desktop.1` → semantic version; undefined for builds without one. */
function versionOf(text: string | undefined): string | undefined {
  const version = parse(text?.trim() ?? "", { loose: true });
  if (version === null || version.version.startsWith("0.0.0")) return undefined;
  return `${version.major}.${version.minor}.${version.patch}`;
}

/** Semantic versions of what tools print of their components; what is none is left out. */
export function versionsOf(found: Readonly<Partial<Record<string, string | undefined>>>): Engine["versions"] {
  return Object.fromEntries(
    Object.entries(found).flatMap(([part, text]) => {
      const version = versionOf(text);
      return version === undefined ? [] : [[part, version]];
    }),
  );
}

/** Whether the component of the engine is at least that version; one that did not tell its version passes. */
export function has(engine: Engine, component: Component, version: string): boolean {
  const found = engine.versions[component];
  return found === undefined || gte(found, version);
}
