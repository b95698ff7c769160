import { indexAnnotations } from "../inputs/attestations.ts";
import type { Schema, ValuesOf } from "../inputs/decode-schema.ts";
import { each, platforms, references, text, toggle, wholeNumber } from "../inputs/decoder.ts";
import { findOfficial } from "../inputs/official-images.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { printPlatform } from "../oci/platform.ts";
import { parseReference, type Reference } from "../oci/reference.ts";
import { duplicates } from "../values.ts";

/** Every input of merge/action.yml and how it is read. */
export const mergeSchema = {
  digests: each("ghcr.io/acme/iris@sha256:…", parseDigest),
  "digests-from": text("./digests"),
  sources: references("ghcr.io/acme/iris:staging-amd64"),
  tags: references("ghcr.io/acme/iris:1.4.0"),
  platforms: platforms("linux/amd64,linux/arm64"),
  annotations: indexAnnotations("org.opencontainers.image.description=Iris"),
  "registry-auth-file": text("/run/user/1000/auth.json"),
  timeout: wholeNumber("10", 1),
  summary: toggle(),
} satisfies Schema;

export type MergeInputs = ValuesOf<typeof mergeSchema>;

/** A digest without a repository is in the repository of the first tag. */
function parseDigest(item: string): Digest | Reference {
  if (isDigest(item)) return item;
  const reference = parseReference(item);
  if (reference.digest === undefined) throw new Error(`"${item}" has no digest; give a tag in the input sources`);
  return reference;
}

/** Mistakes that no single input shows, one sentence each. */
export function findMergeConflicts(inputs: MergeInputs): readonly string[] {
  const { digests, digestsFrom, sources, tags, platforms: wanted } = inputs;
  return [
    ...(tags.length === 0 ? ["tags: at least one is required (for example: ghcr.io/acme/iris:1.4.0)"] : []),
    ...(digests.length === 0 && digestsFrom === undefined && sources.length === 0
      ? [
          "digests, digests-from, sources: at least one must name the images to merge (for example: digests-from: ./digests)",
        ]
      : []),
    ...findOfficial(tags),
    ...duplicates(wanted.map(printPlatform)).map((platform) => `platforms: ${platform} is given twice`),
  ];
}
