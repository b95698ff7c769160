import type { Evidence } from "../backends/backend.ts";
import { type Digest, isDigest } from "../image/digest.ts";
import type { Files } from "../world/world.ts";

/** What the tools say they built. Claims are compared with what the registry or the layout holds, never passed on unseen. */
export interface Claims {
  /** The digest of the manifest or index. */
  readonly root?: Digest;
  /** The digest of the config of a single-platform image. */
  readonly config?: Digest;
}

/** Keys of BuildKit's metadata file. Source: https://docs.docker.com/reference/cli/docker/buildx/build/#metadata-file */
const ROOT_KEY = "containerimage.digest";
const CONFIG_KEY = "containerimage.config.digest";

/** Reads the evidence that the build left; a layout or archive claims nothing, it is looked into itself. */
export async function readClaims(evidence: readonly Evidence[], files: Pick<Files, "readText">): Promise<Claims> {
  const claims: Claims[] = [];
  for (const item of evidence) {
    if ("trust" in item || "means" in item) claims.push(readClaim(item, await files.readText(item.path)));
  }
  return Object.assign({}, ...claims);
}

function readClaim(item: Extract<Evidence, { kind: "metadata" | "digest" }>, content: string): Claims {
  if (item.kind === "digest") return claim(item.means, content.trim());
  const metadata: unknown = JSON.parse(content);
  const values = new Map(Object.entries(typeof metadata === "object" && metadata !== null ? metadata : {}));
  const config = claim("config", values.get(CONFIG_KEY));
  // buildx leaves the config's digest out exactly when the daemon that the image was loaded into keeps manifests
  // (attribute prefer-image-digest, moby/moby#45458); then the other digest is that manifest's.
  const root = item.trust === "root" || config.config === undefined ? claim("root", values.get(ROOT_KEY)) : {};
  return { ...config, ...root };
}

function claim(means: "root" | "config", value: unknown): Claims {
  return typeof value === "string" && isDigest(value) ? { [means]: value } : {};
}
