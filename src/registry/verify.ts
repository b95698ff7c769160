import { Failure } from "../errors.ts";
import { inParallel } from "../machine/concurrency.ts";
import type { Digest } from "../oci/digest.ts";
import { printReference, type Reference } from "../oci/reference.ts";
import { REQUESTS_AT_ONCE, type Registries } from "./registries.ts";
import { resolve } from "./resolve.ts";

/**
 * Reads every reference back and compares it with the pushed image.
 * @throws Failure `network`, code `DigestMismatch`, with one line for each reference that is missing or points to another
 * image; the failure of the first reference that cannot be read.
 */
export async function verify(
  registries: Registries,
  references: readonly Reference[],
  expected: Digest,
): Promise<void> {
  const findings = new Map<Reference, string>();
  await inParallel(references, REQUESTS_AT_ONCE, registries.machine.signal, async (reference) => {
    const found = await digestAt(registries, reference);
    if (found !== expected) findings.set(reference, found ?? "nothing");
  });
  if (findings.size === 0) return;
  const wrong = references.filter((reference) => findings.has(reference));
  throw new Failure(
    "network",
    `The registry does not have the image that was pushed: ${wrong.map(printReference).join(", ")}.`,
    {
      code: "DigestMismatch",
      lines: wrong.map(
        (reference) => `${printReference(reference)}: expected ${expected}, found ${findings.get(reference)}`,
      ),
      hint: "Another run may have pushed the same tag meanwhile; see concurrency in the workflow's documentation.",
    },
  );
}

async function digestAt(registries: Registries, reference: Reference): Promise<Digest | undefined> {
  try {
    return (await resolve(registries, reference)).digest;
  } catch (error) {
    if (error instanceof Failure && error.code === "NotFound") return undefined;
    throw error;
  }
}
