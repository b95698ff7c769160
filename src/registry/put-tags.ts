import { Failure } from "../errors.ts";
import { inParallel } from "../machine/concurrency.ts";
import type { Digest } from "../oci/digest.ts";
import { distinctRepositories, printReference, type Reference, sameRepository } from "../oci/reference.ts";
import { REQUESTS_AT_ONCE, type Registries } from "./registries.ts";
import { currentDigest } from "./resolve.ts";

/**
 * Points all tags to an image whose content is in place. Tags that point to another image come first, and versions before
 * names such as `latest`: if one of them is immutable, the other tags are still unchanged. Tags that already point to the
 * image are not pushed again. If this is true of all tags of a repository, the manifest is pushed there once by its digest,
 * because a registry reports missing content only when it receives a manifest.
 * @param put pushes the manifest under one reference.
 * @throws Failure of the first reference that cannot be pushed; its lines name the references that were pushed before.
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
  const outdated = references.filter((reference) => found.get(reference) !== digest);
  const moved = outdated.filter((reference) => found.get(reference) !== undefined);
  return [...new Set([...moved.filter(isVersion), ...moved, ...outdated])];
}

/** One reference for each repository that has none in `others`. */
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
    lines: [...error.lines, `pushed before: ${done.map(printReference).join(", ")}`],
    ...(hint === undefined ? {} : { hint }),
    ...(position === undefined ? {} : { position }),
    cause: error,
  });
}
