import { printPlatform } from "../oci/platform.ts";
import type { FeatureTable } from "./backend.ts";
import { attributeFeatures, renderBaseCheck, renderCacheMounts, renderEpoch } from "./buildkit.ts";
import { renderCache } from "./buildkit-cache.ts";
import { attestFlag, each, pairs, toggle, value } from "./flags.ts";

/** Flags that `docker buildx build` and `nerdctl build` have in common. */
export const dockerBuildFlags = {
  ...attributeFeatures,
  platforms: (platforms) => ({ flags: ["--platform", platforms.map(printPlatform).join(",")] }),
  epoch: renderEpoch("--build-arg"),
  strictBase: renderBaseCheck("--build-arg"),
  // `--pull=false` would mean "never query the registry" (image-resolve-mode=local), so it is left out.
  pull: toggle("--pull"),
  noCache: toggle("--no-cache"),
  cacheFrom: each("--cache-from"),
  cacheTo: each("--cache-to"),
  cache: renderCache("--cache-from", "--cache-to"),
  target: value("--target"),
  buildArgs: pairs("--build-arg"),
  cacheMounts: renderCacheMounts("--build-arg"),
  contexts: (contexts) => ({
    flags: contexts.flatMap(({ name, directory }) => ["--build-context", `${name}=${directory}`]),
  }),
  remoteContexts: pairs("--build-context"),
  secrets: (secrets) => ({ flags: secrets.flatMap(({ id, path }) => ["--secret", `id=${id},src=${path}`]) }),
  ssh: each("--ssh"),
  labels: pairs("--label"),
  attests: (attests) => ({ flags: Object.entries(attests).flatMap(attestFlag) }),
  network: value("--network"),
  allow: each("--allow"),
} satisfies Partial<FeatureTable>;
