import { join } from "node:path/posix";
import { fileURLToPath } from "node:url";
import type { Asset } from "./choose.ts";

const RELEASES_URL = "https://github.com";

/** A location that may have an asset. */
export type DownloadSource =
  | { readonly kind: "file"; readonly from: "mirror"; readonly path: string }
  | { readonly kind: "url"; readonly from: "mirror" | "release"; readonly url: URL };

/** The locations to try, in order: the mirror with github.com's layout, the mirror as a flat folder, the release. */
export function sourcesOf(
  { path, file }: Pick<Asset, "path" | "file">,
  mirror: string | undefined,
): readonly DownloadSource[] {
  const release: DownloadSource = { kind: "url", from: "release", url: new URL(`${RELEASES_URL}/${path}`) };
  if (mirror === undefined) return [release];
  return [mirrored(mirror, path), mirrored(mirror, file), release];
}

function mirrored(mirror: string, path: string): DownloadSource {
  if (mirror.startsWith("/")) return { kind: "file", from: "mirror", path: join(mirror, path) };
  const url = new URL(mirror);
  if (url.protocol === "file:") return { kind: "file", from: "mirror", path: join(fileURLToPath(url), path) };
  url.pathname = join(url.pathname, path);
  return { kind: "url", from: "mirror", url };
}

/** The location for messages, without the credentials that a URL may contain. */
export function printSource(source: DownloadSource): string {
  return source.kind === "file" ? source.path : printUrl(source.url);
}

export function printUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
