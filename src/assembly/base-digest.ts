import { Failure } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import { parseReference } from "../oci/reference.ts";
import type { Registries } from "../registry/registries.ts";
import { resolveDigest } from "../registry/resolve.ts";

/** That only the engine can tell. */
export interface UnknownBase {
  /** Why, as a part of a sentence. */
  readonly unknown: string;
  readonly failure: Failure;
}

/**
 * What the base image's name stands for now: its digest, which decides about the environment and is written into its
 * Dockerfile. Asked once, without retryPolicy: where it is not told, the environment is left to the backend every time, whose
 * engine may know mirrors, logins or local images that this action does not.
 *
 * @returns why it is not known, when the registry does not answer or has no such image.
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
    return { unknown: `the base image ${base} cannot be looked up (${error.message})`, failure: error };
  }
}
