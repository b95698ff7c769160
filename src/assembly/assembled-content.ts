import type { Environment } from "../cache/cached-environment.ts";
import { Failure } from "../errors.ts";
import { type ContentProvider, oneOf } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import type { Document } from "./compose.ts";
import type { PreparedLayer } from "./prepare-layers.ts";

/**
 * The content of an assembled image: documents from memory, payload layers generated from their files at each read, and
 * the environment's layers from its repository or layout.
 */
export function assembledContent(
  documents: readonly Document[],
  layers: readonly PreparedLayer[],
  environments: readonly Environment[],
): ContentProvider {
  const inMemory = new Map<Digest, Document>(documents.map((item) => [item.descriptor.digest, item]));
  const payload = new Map<Digest, PreparedLayer>(layers.map((layer) => [layer.descriptor.digest, layer]));
  const [first] = environments;

  function environmentOf(digest: Digest): Environment {
    const found = environments.find((environment) => environment.layers.some((layer) => layer.digest === digest));
    if (found === undefined) throw new Failure("internal", `the assembled image has no ${digest}`);
    return found;
  }

  return {
    place: "the assembled image",
    ...(first?.content.repository === undefined ? {} : { repository: first.content.repository }),
    async document({ digest }) {
      const found = inMemory.get(digest);
      if (found === undefined) throw new Failure("internal", `the assembled image has no document ${digest}`);
      return found.bytes;
    },
    async blob(descriptor) {
      const { digest } = descriptor;
      const inline = inMemory.get(digest);
      if (inline !== undefined) return oneOf(inline.bytes);
      return payload.get(digest)?.open() ?? environmentOf(digest).content.blob(descriptor);
    },
  };
}
