import type { Descriptor } from "./manifest.ts";
import { DOCKER_INDEX, DOCKER_MANIFEST, OCI_INDEX } from "./media-types.ts";
import type { Platform } from "./platform.ts";

/** A manifest in an index. */
export interface Member extends Pick<Descriptor, "mediaType" | "digest" | "size"> {
  readonly platform: Platform;
  readonly annotations?: Descriptor["annotations"];
}

/**
 * The bytes of an index with these members in the given order, formatted as by BuildKit, so that the same members always
 * have the same index digest.
 * @see https://github.com/moby/buildkit/blob/master/exporter/containerimage/writer.go (commitDistributionManifest and its callers)
 * @see https://github.com/opencontainers/image-spec/blob/main/image-index.md
 */
export function printIndex(members: readonly Member[], annotations: Descriptor["annotations"] = {}): Uint8Array {
  const index = {
    schemaVersion: 2,
    mediaType: indexTypeOf(members, annotations),
    manifests: members.map(({ mediaType, digest, size, platform: { os, architecture, variant }, ...member }) => ({
      mediaType,
      digest,
      size,
      ...sortedPairs(member.annotations ?? {}),
      platform: { architecture, os, ...(variant === undefined ? {} : { variant }) },
    })),
    ...sortedPairs(annotations),
  };
  return new TextEncoder().encode(escapeAsGo(JSON.stringify(index, undefined, 2)));
}

/** The media type of an index: docker's manifest list for docker images without annotations, which it does not support; otherwise OCI's. As BuildKit does. */
export function indexTypeOf(
  members: readonly Pick<Member, "mediaType">[],
  annotations: Descriptor["annotations"] = {},
): string {
  const isDocker = members.every(({ mediaType }) => mediaType === DOCKER_MANIFEST);
  return isDocker && members.length > 0 && Object.keys(annotations).length === 0 ? DOCKER_INDEX : OCI_INDEX;
}

/** Go prints maps sorted by their keys and omits empty ones. */
function sortedPairs(annotations: Descriptor["annotations"]): { readonly annotations?: Descriptor["annotations"] } {
  const pairs = Object.entries(annotations).sort(([one], [other]) => (one < other ? -1 : 1));
  return pairs.length === 0 ? {} : { annotations: Object.fromEntries(pairs) };
}

/** Escapes characters as Go does; they can only be in strings. Source: https://pkg.go.dev/encoding/json#Marshal */
function escapeAsGo(json: string): string {
  return json.replaceAll(/[<>&\u2028\u2029]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${code}`;
  });
}
