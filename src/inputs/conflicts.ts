import { normalize } from "node:path/posix";
import { isOfficial } from "../oci/reference.ts";
import { duplicates } from "../values.ts";
import { findOfficial } from "./official-images.ts";
import { type Inputs, isPushed } from "./schema.ts";

/**
 * Combinations of inputs that contradict each other, whatever the backend: one sentence each, empty when there are none.
 * @param given the inputs before docker's exporters in `output` were resolved; messages name `output` for what it asked for.
 */
export function findConflicts(
  inputs: Inputs,
  given: Pick<Inputs, "tags" | "push" | "pushByDigest">,
): readonly string[] {
  const tags = given.tags.length < inputs.tags.length ? "tags, output" : "tags";
  const push = isPushed(inputs) && !isPushed(given) ? "push, output" : "push";
  const layouts = inputs.output.filter(({ kind }) => kind === "layout");
  return [
    ...(isPushed(inputs) ? findOfficial(inputs.tags, tags) : []),
    ...duplicates(inputs.output.map(({ path }) => plain(path))).map((path) => `output: ${path} is given twice`),
    ...duplicates(secretIds(inputs)).map((id) => `secrets, secret-envs, secret-files: the secret ${id} is given twice`),
    ...secretIds(inputs)
      .filter((id) => !SECRET_ID.test(id))
      .map((id) => `secrets, secret-envs, secret-files: "${id}" is not a valid id (for example: HF_TOKEN)`),
    ...when(
      isPushed(inputs) && inputs.tags.length === 0,
      `${push}: tags are required (for example: tags: ghcr.io/acme/iris:1.4.0)`,
    ),
    ...when(
      inputs.assembly === "backend" &&
        (inputs.ifExists === "skip" ||
          inputs.environmentCache !== undefined ||
          inputs.cacheKey !== undefined ||
          inputs.modelArtifact === true),
      "if-exists, environment-cache, cache-key, model-artifact: these require direct assembly (for example: assembly: auto)",
    ),
    ...when(
      typeof inputs.environmentCache === "object" && isOfficial(inputs.environmentCache),
      "environment-cache: a name without registry and namespace is one of Docker's official images (for example: ghcr.io/acme/iris-cache)",
    ),
    ...when(
      inputs.cacheKey !== undefined && inputs.environmentCache === "off",
      "cache-key, environment-cache: no environment is cached, so there is nothing to sign (for example: environment-cache: ghcr.io/acme/iris-cache)",
    ),
    ...when(
      inputs.cacheKey !== undefined && (inputs.cache === "registry" || inputs.cache === "inline"),
      "cache-key, cache: a builder's registry cache cannot be signed (for example: cache: auto)",
    ),
    ...when(
      inputs.modelArtifact === true && !isPushed(inputs),
      "model-artifact: the image must be pushed (for example: push: true)",
    ),
    ...when(
      inputs.digestFile !== undefined && !isPushed(inputs),
      "digest-file: the image must be pushed (for example: push-by-digest: true)",
    ),
    ...when(
      (inputs.builderCert === undefined) !== (inputs.builderKey === undefined),
      "builder-cert, builder-key: give both or neither",
    ),
    ...when(
      (inputs.builderCa ?? inputs.builderCert) !== undefined && !/^[ \t]*tcp:\/\//m.test(inputs.builder ?? ""),
      "builder-ca, builder-cert, builder-key: these require a tcp:// address in builder (for example: builder: tcp://buildkitd:1234)",
    ),
    ...when(
      (inputs.cache === "registry" || inputs.cache === "inline") && inputs.tags.length === 0,
      "cache: this cache is stored in the repository of the first tag, and there are no tags (for example: cache: local)",
    ),
    ...[...inputs.cacheFrom, ...inputs.cacheTo]
      .filter((line) => CREDENTIAL.test(line))
      .map(
        () =>
          "cache-from, cache-to: a credential would appear on the command line; the tools find credentials themselves",
      ),
    ...(["provenance", "sbom"] as const)
      .filter((type) => inputs[type] !== undefined && inputs.attests[type] !== undefined)
      .map((type) => `${type}, attests: the same attestation is given twice`),
    ...when(
      Object.keys(inputs.annotations).some((key) => /^index[^:]*:/.test(key)) && !isIndex(inputs),
      "annotations: an image of one platform without attestations has no index to annotate (for example: org.opencontainers.image.title=Iris)",
    ),
    ...when(layouts.length > 1, "output: give at most one layout directory"),
    ...when(
      inputs.load === false && !isPushed(inputs) && inputs.output.length === 0,
      "load: with load: false and neither push nor output, the image would be discarded (for example: push: true)",
    ),
    ...when(
      inputs.format === "docker" && inputs.output.some(({ kind }) => kind !== "docker-archive"),
      "format: an OCI layout or OCI archive cannot be in docker's format (for example: output: docker-archive:image.tar)",
    ),
    ...when(
      inputs.format === "docker" && inputs.compression.format === "zstd",
      "compression: docker's format does not support zstd layers (for example: format: oci)",
    ),
  ];
}

/** `./x.tar` and `out/../x.tar` are `x.tar`, and `out/` is `out`. */
function plain(path: string): string {
  return normalize(path).replace(/(?<=.)\/$/, "");
}

const CREDENTIAL = /(?:^|,)(?:token|ghtoken|secret_access_key|session_token|secret_key)=/;

function isIndex({ platforms, provenance, sbom, attests }: Inputs): boolean {
  return platforms.length > 1 || provenance !== undefined || sbom !== undefined || Object.keys(attests).length > 0;
}

/** An id is used as a file name and as a field of `--secret id=…,src=…`. */
const SECRET_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

function secretIds({ secrets, secretEnvs, secretFiles }: Inputs): readonly string[] {
  return [...Object.keys(secrets), ...secretEnvs.map(({ id }) => id), ...Object.keys(secretFiles)];
}

function when(condition: boolean, problem: string): readonly string[] {
  return condition ? [problem] : [];
}
