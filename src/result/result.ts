import { Failure } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import type { ImageDescription, PlatformImage } from "../oci/image-description.ts";
import { type Platform, printPlatform, samePlatform } from "../oci/platform.ts";
import type { ReportedDigests } from "./claims.ts";

/** The result of a build. `digest` is absent if no store keeps the image's manifest (see docs/digests.md). */
export interface BuildResult {
  readonly digest?: Digest;
  readonly kind?: "manifest" | "index";
  /** Config digest; absent with several platforms. */
  readonly imageid?: Digest;
  readonly platforms: readonly PlatformImage[];
}

/**
 * Combines the images read from the registry and the layout with the digests that the tool reports.
 *
 * @param images the same image, as each store has it.
 * @param wanted platforms that the image must have.
 * @throws Failure `internal` (code DigestMismatch) when two of them disagree, `platform` when the image lacks a platform.
 */
export function reconcile(
  images: readonly ImageDescription[],
  reported: ReportedDigests,
  wanted: readonly Platform[],
): BuildResult {
  const [image] = images;
  const roots = [...images.map(({ digest }) => digest), ...(reported.root === undefined ? [] : [reported.root])];
  requireSame("the image's digest", roots);
  const [only, ...others] = image?.platforms ?? [];
  const single = others.length === 0 ? only : undefined;
  requireSame(
    "the config's digest",
    [single?.imageid, reported.config].filter((digest) => digest !== undefined),
  );
  if (image !== undefined) checkPlatforms(image.platforms, wanted);
  const digest = image?.digest ?? reported.root;
  const imageid = single?.imageid ?? (image === undefined ? reported.config : undefined);
  return {
    platforms: image?.platforms ?? [],
    ...(image === undefined ? {} : { kind: image.kind }),
    ...(digest === undefined ? {} : { digest }),
    ...(imageid === undefined ? {} : { imageid }),
  };
}

function requireSame(what: string, digests: readonly Digest[]): void {
  const different = [...new Set(digests)];
  if (different.length < 2) return;
  throw new Failure("internal", `${what} is not the same everywhere: ${different.join(", ")}`, {
    code: "DigestMismatch",
    hint: "Something else wrote to the same tag or path during this build, or the tool reported another image. Do not use the image; build it again.",
  });
}

function checkPlatforms(found: readonly PlatformImage[], wanted: readonly Platform[]): void {
  const missing = wanted.filter((platform) => !found.some((image) => samePlatform(image.platform, platform)));
  if (missing.length === 0) return;
  throw new Failure("platform", `the image has no ${missing.map(printPlatform).join(", ")}`, {
    lines: [`it has ${found.map(({ platform }) => printPlatform(platform)).join(", ")}`],
  });
}
