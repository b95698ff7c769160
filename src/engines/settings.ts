import { isAbsolute, join } from "node:path/posix";
import type { EngineInputs } from "../inputs/engine-schema.ts";
import type { EngineSettings } from "./engine.ts";

type Asked = Pick<EngineInputs, "registryMirrors" | "insecureRegistries" | "registryAuthorities" | "cacheLimit">;

/** What the inputs say of an engine that is started for them. Paths become absolute. */
export function engineSettings(inputs: Asked, workspace: string): EngineSettings {
  const { registryMirrors, insecureRegistries, registryAuthorities, cacheLimit } = inputs;
  return {
    mirrors: mapped(registryMirrors, (mirror) => [mirror]),
    insecure: insecureRegistries,
    authorities: mapped(registryAuthorities, (path) => [isAbsolute(path) ? path : join(workspace, path)]),
    ...(cacheLimit === undefined ? {} : { maxBytes: cacheLimit }),
  };
}

function mapped<T>(pairs: Readonly<Record<string, string>>, change: (value: string) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name, change(value)]));
}
