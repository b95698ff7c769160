export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
/** The config type of artifact manifests without a configuration. The blob is `{}`. */
export const OCI_EMPTY = "application/vnd.oci.empty.v1+json";
export const DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

/** All four are required: distribution 2.8 answers 404 for a manifest of a type that is not listed. */
export const ACCEPT = [OCI_INDEX, OCI_MANIFEST, DOCKER_INDEX, DOCKER_MANIFEST].join(", ");

const IMAGE_CONFIGS = new Set([OCI_CONFIG, "application/vnd.docker.container.image.v1+json"]);

export function isIndexType(mediaType: string): boolean {
  return mediaType === OCI_INDEX || mediaType === DOCKER_INDEX;
}

export function isManifestType(mediaType: string): boolean {
  return mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST;
}

/** False for Helm charts, signatures and other artifacts with manifests of the same type. */
export function isImageConfigType(mediaType: string): boolean {
  return IMAGE_CONFIGS.has(mediaType);
}

/** Non-distributable layers, which registries list but do not store, such as those of Windows base images. */
export function isForeignType(mediaType: string): boolean {
  return /\.foreign\.|nondistributable/.test(mediaType);
}

/** Converts docker's media type of a layer to OCI's: https://github.com/opencontainers/image-spec/blob/main/media-types.md */
export function ociType(mediaType: string): string {
  const docker = /^application\/vnd\.docker\.image\.rootfs\.diff\.tar(?:\.(gzip|zstd))?$/.exec(mediaType);
  if (docker === null) return mediaType;
  const suffix = docker[1] === undefined ? "" : `+${docker[1]}`;
  return `application/vnd.oci.image.layer.v1.tar${suffix}`;
}
