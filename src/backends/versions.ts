/** Versions as tools print them, and comparisons with an engine's versions. */
import gte from "semver/functions/gte.js";
import parse from "semver/functions/parse.js";
import type { Component, Engine } from "./backend.ts";

/** `v0.33.0`, `0.33.0-rc1+x`, `v0.29.0-desktop.1` → semantic version; undefined for builds without one. */
function versionOf(text: string | undefined): string | undefined {
  const version = parse(text?.trim() ?? "", { loose: true });
  if (version === null || version.version.startsWith("0.0.0")) return undefined;
  return `${version.major}.${version.minor}.${version.patch}`;
}

/** The semantic versions of components, from what tools print; a text that is not a version is left out. */
export function versionsOf(found: Readonly<Partial<Record<string, string | undefined>>>): Engine["versions"] {
  return Object.fromEntries(
    Object.entries(found).flatMap(([component, text]) => {
      const version = versionOf(text);
      return version === undefined ? [] : [[component, version]];
    }),
  );
}

/** Whether the engine's component has at least this version; true if its version is unknown. */
export function isAtLeast(engine: Engine, component: Component, version: string): boolean {
  const found = engine.versions[component];
  return found === undefined || gte(found, version);
}
