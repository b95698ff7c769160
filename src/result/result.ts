import { Failure } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import type { ImageDescription, PlatformImage } from "../oci/image-description.ts";
import { type Platform, printPlatform, samePlatform } from "../oci/platform.ts";
import type { Claims } from "./claims.ts";

/** What came out. `digest` is absent when no store keeps the image under a manifest digest (see docs/digests.md). */
export interface BuildResult {
  readonly digest?: Digest;
  readonly kind?: "manifest" | "index";
  /** Config digest; absent with several platforms. */
  readonly imageid?: Digest;
  readonly platforms: readonly PlatformImage[];
}

/**
 * Puts together what the registry holds, what the layout holds and what the tool claims.
 *
 * @throws Failure `internal` (code DigestMismatch) when two of them disagree, `platform` when the image is not for the platforms asked for.
 */
export function reconcile(seen: readonly ImageDescription[], claims: Claims, wanted: readonly Platform[]): BuildResult {
  const [image] = seen;
  const roots = [...seen.map(({ digest }) => digest), ...(claims.root === undefined ? [] : [claims.root])];
  agree("the image's digest", roots);
  const [only, ...others] = image?.platforms ?? [];
  const single = others.length === 0 ? only : undefined;
  agree(
    "the config's digest",
    [single?.imageid, claims.config].filter((digest) => digest !== undefined),
  );
  if (image !== undefined) checkPlatforms(image.platforms, wanted);
  const digest = image?.digest ?? claims.root;
  const imageid = single?.imageid ?? (image === undefined ? claims.config : undefined);
  return {
    platforms: image?.platforms ?? [],
    ...(image === undefined ? {} : { kind: image.kind }),
    ...(digest === undefined ? {} : { digest }),
    ...(imageid === undefined ? {} : { imageid }),
  };
}

function agree(what: string, digests: readonly Digest[]): void {
  const different = [...new Set(digests)];
  if (different.length < 2) return;
  throw new Failure("internal", `${what} is not the same everywhere: ${different.join(", ")}`, {
    code: "DigestMismatch",
    hint: "Something else wrote to the same tag or path during this build, or the tool reported another image; nothing here can be trusted.",
  });
}

function checkPlatforms(found: readonly PlatformImage[], wanted: readonly Platform[]): void {
  const missing = wanted.filter((platform) => !found.some((image) => samePlatform(image.platform, platform)));
  if (missing.length === 0) return;
  throw new Failure("platform", `the image has no ${missing.map(printPlatform).join(", ")}`, {
    lines: [`it has ${found.map(({ platform }) => printPlatform(platform)).join(", ")}`],
  });
}
