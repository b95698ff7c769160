import { Failure } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import { parseReference } from "../oci/reference.ts";
import type { Registries } from "../registry/registries.ts";
import { resolveDigest } from "../registry/resolve.ts";

/** A base image whose digest cannot be resolved from the registry. */
export interface UnknownBase {
  /** The reason, as a part of a sentence. */
  readonly unknown: string;
  readonly failure: Failure;
}

/**
 * Resolves the name of the base image to a digest, which is part of the environment's key and is written into its
 * Dockerfile. One attempt without retries: if it fails, the backend builds the environment in every run, since its engine
 * may have mirrors, logins or local images that this action does not see.
 *
 * @returns the reason when the registry does not answer or does not have the image.
 */
export async function findBase(
  registries: Registries,
  base: string,
  mirrors: Readonly<Record<string, string>>,
): Promise<Digest | UnknownBase> {
  const reference = parseReference(base);
  if (reference.digest !== undefined) return reference.digest;
  try {
    return await resolveDigest(registries, reference, { mirrors, retry: false });
  } catch (error) {
    if (!(error instanceof Failure) || error.class === "cancelled") throw error;
    return { unknown: `the base image ${base} cannot be resolved (${error.message})`, failure: error };
  }
}
