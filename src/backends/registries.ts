import { type FeatureTable, noFlag } from "./backend.ts";

const OWN_CONFIGURATION = noFlag(
  "the engine has it from its own configuration, which this action writes for those that it starts",
);

/** The registries' settings, for tools that take none of them on their command line. */
export const registriesByConfiguration = {
  registryMirrors: OWN_CONFIGURATION,
  insecureRegistries: OWN_CONFIGURATION,
  registryAuthorities: OWN_CONFIGURATION,
} satisfies Partial<FeatureTable>;
