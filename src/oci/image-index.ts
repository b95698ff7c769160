import type { Descriptor } from "./manifest.ts";
import { DOCKER_INDEX, DOCKER_MANIFEST, OCI_INDEX } from "./media-types.ts";
import type { Platform } from "./platform.ts";

/** A manifest as an index lists it. */
export interface Member extends Pick<Descriptor, "mediaType" | "digest" | "size"> {
  readonly platform: Platform;
  readonly annotations?: Descriptor["annotations"];
}

/**
 * The bytes of an index with these members in their order, in the form that BuildKit gives its own: the same members then
 * have one index digest, whoever joins them.
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

/** Images in docker's format have docker's list, which has no place for annotations, as BuildKit's own do. */
export function indexTypeOf(
  members: readonly Pick<Member, "mediaType">[],
  annotations: Descriptor["annotations"] = {},
): string {
  const isDocker = members.every(({ mediaType }) => mediaType === DOCKER_MANIFEST);
  return isDocker && members.length > 0 && Object.keys(annotations).length === 0 ? DOCKER_INDEX : OCI_INDEX;
}

/** Go prints maps by their keys, and none when there is nothing in it. */
function sortedPairs(annotations: Descriptor["annotations"]): { readonly annotations?: Descriptor["annotations"] } {
  const pairs = Object.entries(annotations).sort(([one], [other]) => (one < other ? -1 : 1));
  return pairs.length === 0 ? {} : { annotations: Object.fromEntries(pairs) };
}

/** Such characters stand in strings only. Source: https://pkg.go.dev/encoding/json#Marshal */
function escapeAsGo(json: string): string {
  return json.replaceAll(/[<>&\u2028\u2029]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${code}`;
  });
}
