import { createHash } from "node:crypto";

/** `sha256:` and 64 lower-case hexadecimal digits, the only algorithm that all registries and engines support. */
export type Digest = `sha256:${string}`;

const DIGEST = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): text is Digest {
  return DIGEST.test(text);
}

/** The digest of bytes. A string is encoded as UTF-8. */
export function digestOf(content: Uint8Array | string): Digest {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** The 64 hexadecimal digits, which are the file name in an OCI layout. */
export function hexOf(digest: Digest): string {
  return digest.slice("sha256:".length);
}
