import { isOfficial, printFamiliar, printRepository, type Reference } from "../oci/reference.ts";

/** One sentence for each tag to push that is one of Docker's official images: nobody else can push there, so its registry is missing. */
export function findOfficial(tags: readonly Reference[]): readonly string[] {
  return tags.filter(isOfficial).map((tag) => {
    const name = printFamiliar(tag);
    return `tags: "${name}" has no registry and namespace, so it means ${printRepository(tag)}, one of Docker's official images (for example: ghcr.io/acme/${name})`;
  });
}
