import type { Digest } from "./digest.ts";
import type { Platform } from "./platform.ts";

export interface Layer {
  readonly digest: Digest;
  /** Bytes as stored in the registry or layout. */
  readonly size: number;
}

export interface PlatformImage {
  readonly platform: Platform;
  /** The digest of the manifest. */
  readonly digest: Digest;
  /** The digest of the config. */
  readonly imageid: Digest;
  /** Bytes of manifest, config and layers. */
  readonly size: number;
  readonly layers: readonly Layer[];
}

/** An image in a registry or a layout. */
export interface ImageDescription {
  /** The digest of the manifest or index that the name resolves to. */
  readonly digest: Digest;
  readonly kind: "manifest" | "index";
  readonly platforms: readonly PlatformImage[];
}
