/** The inputs of action.yml by subject, for the documentation and the help of the command line. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Bento: ["bento", "bentoml-home", "dockerfile", "enable-features"],
  "Backend and builder": ["backend", "builder", "builder-ca", "builder-cert", "builder-key"],
  "Tools and engines": ["install", "tools", "tool-mirror", "tool-checksums", "cache-limit", "keep-state"],
  Image: [
    ...["tags", "platforms", "labels", "annotations", "build-args", "target"],
    ...["provenance", "sbom", "attests"],
    ...["format", "compression", "source-date-epoch"],
  ],
  Destination: ["push", "push-by-digest", "digest-file", "load", "output"],
  "Direct assembly": ["assembly", "environment-cache", "cache-key", "verify-models", "if-exists", "model-artifact"],
  Cache: ["cache", "cache-from", "cache-to", "no-cache", "no-cache-filters", "pull"],
  "Secrets and credentials": ["secrets", "secret-envs", "secret-files", "ssh", "registry-auth-file"],
  Registries: ["registry-mirrors", "insecure-registries", "registry-authorities"],
  "Build steps": [
    ...["add-hosts", "allow", "build-contexts", "cgroup-parent", "network"],
    ...["shm-size", "ulimit", "extra-args"],
  ],
  Job: ["timeout", "dry-run", "summary"],
  "Aliases of BentoML's own action": ["bento-tag", "oci-backend", "outputs"],
};
