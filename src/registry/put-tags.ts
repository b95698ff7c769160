import { Failure } from "../errors.ts";
import { inParallel } from "../machine/concurrency.ts";
import type { Digest } from "../oci/digest.ts";
import { distinctRepositories, printReference, type Reference, sameRepository } from "../oci/reference.ts";
import { REQUESTS_AT_ONCE, type Registries } from "./registries.ts";
import { currentDigest } from "./resolve.ts";

/**
 * Lets all tags point to an image whose content is in place. Of several, those that stand for another image now come
 * first, versions before names such as `latest`: where the registry lets a tag not be moved, the others are still as they
 * were. Those that stand for the image already are not put again; a repository where all do gets the manifest once by
 * its digest, since only a registry that takes a manifest says whether it still has all that the manifest names.
 * @param put puts one of them.
 * @throws Failure of the first that cannot be put; its lines name those that were put before.
 */
export async function putTags(
  registries: Registries,
  references: readonly Reference[],
  digest: Digest,
  put: (reference: Reference) => Promise<void>,
): Promise<void> {
  const order = await inOrder(registries, references, digest);
  for (const reference of firstOfEachOther(references, order)) await put({ ...reference, digest });
  const done: Reference[] = [];
  for (const reference of order) {
    try {
      await put(reference);
    } catch (error) {
      throw done.length > 0 && error instanceof Failure ? afterOthers(error, done) : error;
    }
    done.push(reference);
  }
}

async function inOrder(
  registries: Registries,
  references: readonly Reference[],
  digest: Digest,
): Promise<readonly Reference[]> {
  if (references.length < 2) return references;
  const found = new Map<Reference, Digest | undefined>();
  await inParallel(references, REQUESTS_AT_ONCE, registries.machine.signal, async (reference) => {
    if (reference.digest === undefined) found.set(reference, await currentDigest(registries, reference));
  });
  const wrong = references.filter((reference) => found.get(reference) !== digest);
  const moved = wrong.filter((reference) => found.get(reference) !== undefined);
  return [...new Set([...moved.filter(isVersion), ...moved, ...wrong])];
}

/** One reference of each repository that none of the others is in. */
function firstOfEachOther(references: readonly Reference[], others: readonly Reference[]): readonly Reference[] {
  const rest = references.filter((reference) => !others.some((other) => sameRepository(reference, other)));
  return distinctRepositories(rest).flatMap((repository) => rest.find((one) => sameRepository(one, repository)) ?? []);
}

function isVersion({ tag = "" }: Reference): boolean {
  return /\d/.test(tag);
}

function afterOthers(error: Failure, done: readonly Reference[]): Failure {
  const { code, hint, position } = error;
  return new Failure(error.class, error.message, {
    code,
    lines: [...error.lines, `put before: ${done.map(printReference).join(", ")}`],
    ...(hint === undefined ? {} : { hint }),
    ...(position === undefined ? {} : { position }),
    cause: error,
  });
}
