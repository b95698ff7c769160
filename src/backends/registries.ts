import { type FeatureTable, noFlag } from "./backend.ts";

const ENGINE_CONFIGURATION = noFlag(
  "the engine reads it from its configuration, which this action writes for the engines that it starts",
);

/** Registry settings, for tools without flags for them. */
export const registriesByConfiguration = {
  registryMirrors: ENGINE_CONFIGURATION,
  insecureRegistries: ENGINE_CONFIGURATION,
  registryAuthorities: ENGINE_CONFIGURATION,
} satisfies Partial<FeatureTable>;
