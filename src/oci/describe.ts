import { type ContentProvider, readManifest } from "./content.ts";
import type { ImageDescription, PlatformImage } from "./image-description.ts";
import { type Descriptor, type Manifest, parseJsonObject, platformOf } from "./manifest.ts";
import { isImageConfigType, isIndexType, isManifestType } from "./media-types.ts";
import { normalizePlatform, type Platform } from "./platform.ts";

/** BuildKit adds provenance and SBOMs to the index as manifests with this annotation. */
const ATTESTATION = "vnd.docker.reference.type";

/** Whether a member of an index is an attestation of an image. */
export function isAttestation({ annotations }: Descriptor): boolean {
  return annotations[ATTESTATION] !== undefined;
}

/**
 * Describes an image from its manifest or index and its configs. Attestations and artifacts are left out. The platform of
 * an image is the one in its config, in normal form.
 */
export async function describe(content: ContentProvider, root: Descriptor): Promise<ImageDescription> {
  const { manifest } = await readManifest(content, root);
  return {
    digest: root.digest,
    kind: manifest.kind,
    platforms: await describePlatforms(content, root, manifest),
  };
}

async function describePlatforms(
  content: ContentProvider,
  descriptor: Descriptor,
  manifest: Manifest,
): Promise<readonly PlatformImage[]> {
  if (manifest.kind === "manifest") {
    return isImageConfigType(manifest.config.mediaType) ? [await describeImage(content, descriptor, manifest)] : [];
  }
  const members = manifest.members.filter(
    (member) => !isAttestation(member) && (isIndexType(member.mediaType) || isManifestType(member.mediaType)),
  );
  const described = await Promise.all(
    members.map(async (member) => describePlatforms(content, member, (await readManifest(content, member)).manifest)),
  );
  return described.flat();
}

async function describeImage(
  content: ContentProvider,
  descriptor: Descriptor,
  { config, layers }: Extract<Manifest, { kind: "manifest" }>,
): Promise<PlatformImage> {
  const imageConfig = parseJsonObject(
    await content.document(config),
    `The config ${config.digest} in ${content.place}`,
  );
  const sizes = [descriptor, config, ...layers].map(({ size }) => size);
  return {
    platform: normalizePlatform(platformOf(imageConfig) ?? descriptor.platform ?? UNKNOWN),
    digest: descriptor.digest,
    imageid: config.digest,
    size: sizes.reduce((total, size) => total + size, 0),
    layers: layers.map(({ digest, size }) => ({ digest, size })),
  };
}

const UNKNOWN: Platform = { os: "unknown", architecture: "unknown" };
