import type { Digest } from "./digest.ts";
import type { Platform } from "./platform.ts";

export interface Layer {
  readonly digest: Digest;
  /** Bytes as stored in the registry or layout. */
  readonly size: number;
}

export interface PlatformImage {
  readonly platform: Platform;
  /** Of the manifest. */
  readonly digest: Digest;
  /** Of the config. */
  readonly imageid: Digest;
  /** Bytes of manifest, config and layers. */
  readonly size: number;
  readonly layers: readonly Layer[];
}

/** An image as a registry or a layout holds it. */
export interface ImageDescription {
  /** Of the manifest or index that the name stands for. */
  readonly digest: Digest;
  readonly kind: "manifest" | "index";
  readonly platforms: readonly PlatformImage[];
}
