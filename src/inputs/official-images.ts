import { isOfficial, printFamiliar, printRepository, type Reference } from "../oci/reference.ts";

/**
 * One sentence for each tag to push that is one of Docker's official images: nobody else can push there, so its registry is
 * missing.
 * @param inputs the inputs that name the tags.
 */
export function findOfficial(tags: readonly Reference[], inputs = "tags"): readonly string[] {
  return tags.filter(isOfficial).map((tag) => {
    const name = printFamiliar(tag);
    return `${inputs}: "${name}" has no registry and namespace, so it means ${printRepository(tag)}, one of Docker's official images (for example: ghcr.io/acme/${name})`;
  });
}
