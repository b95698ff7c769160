import { basename } from "node:path/posix";
import type { Evidence } from "../backends/backend.ts";
import { Failure } from "../errors.ts";
import type { Files } from "../machine/machine.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { isJsonObject, parseJson } from "../text/json.ts";

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

/**
 * Reads a file that a command which ended well must have written; blanks around the text go.
 * @param doer who needs or wrote the file, for the message.
 * @throws Failure `tool` (code EvidenceMissing).
 */
export async function readEvidence(path: string, doer: string, files: Pick<Files, "readText">): Promise<string> {
  const text = await files.readText(path).catch((cause: unknown) => {
    throw evidenceMissing(`${doer} has no ${basename(path)}`, cause);
  });
  return text.trim();
}

function evidenceMissing(what: string, cause?: unknown): Failure {
  return new Failure("tool", `${what}: the tool ended well but does not say what it built`, {
    code: "EvidenceMissing",
    hint: "Is the program on PATH the tool itself, and no wrapper that drops its arguments?",
    cause,
  });
}

/** Reads the evidence that the build left; a layout or archive claims nothing, it is looked into itself. */
export async function readClaims(evidence: readonly Evidence[], files: Pick<Files, "readText">): Promise<Claims> {
  const claims: Claims[] = [];
  for (const item of evidence) {
    if ("trust" in item || "means" in item)
      claims.push(readClaim(item, await readEvidence(item.path, "The build", files)));
  }
  return Object.assign({}, ...claims);
}

function readClaim(item: Extract<Evidence, { kind: "metadata" | "digest" }>, content: string): Claims {
  const claims = item.kind === "digest" ? claim(item.means, content) : readMetadata(content, item.trust);
  if (Object.keys(claims).length === 0) throw evidenceMissing(`${basename(item.path)} holds no digest`);
  return claims;
}

function readMetadata(content: string, trust: "root" | "config"): Claims {
  const values = new Map(Object.entries(objectIn(content)));
  const config = claim("config", values.get(CONFIG_KEY));
  // buildx leaves the config's digest out exactly when the daemon that the image was loaded into keeps manifests
  // (attribute prefer-image-digest, moby/moby#45458); then the other digest is that manifest's.
  const root = trust === "root" || config.config === undefined ? claim("root", values.get(ROOT_KEY)) : {};
  return { ...config, ...root };
}

function objectIn(text: string): object {
  const value = parseJson(text);
  return isJsonObject(value) ? value : {};
}

function claim(means: "root" | "config", value: unknown): Claims {
  return typeof value === "string" && isDigest(value) ? { [means]: value } : {};
}
