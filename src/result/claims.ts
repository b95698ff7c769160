import { basename } from "node:path/posix";
import type { Evidence } from "../backends/backend.ts";
import { Failure } from "../errors.ts";
import type { Files } from "../machine/machine.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { isJsonObject, parseJson } from "../text/json.ts";

/** The digests that the tools report. They are compared with the content of the registry or the layout wherever it can be read. */
export interface ReportedDigests {
  /** The digest of the manifest or index. */
  readonly root?: Digest;
  /** The digest of the config of a single-platform image. */
  readonly config?: Digest;
}

/** Keys of BuildKit's metadata file. Source: https://docs.docker.com/reference/cli/docker/buildx/build/#metadata-file */
const ROOT_KEY = "containerimage.digest";
const CONFIG_KEY = "containerimage.config.digest";

/**
 * Reads a file that a successful command must have written, without the blanks around its text.
 * @param reader what needs or wrote the file, for the message.
 * @throws Failure `tool` (code EvidenceMissing).
 */
export async function readEvidence(path: string, reader: string, files: Pick<Files, "readText">): Promise<string> {
  const text = await files.readText(path).catch((cause: unknown) => {
    throw evidenceMissing(`${reader} has no ${basename(path)}`, cause);
  });
  return text.trim();
}

function evidenceMissing(what: string, cause?: unknown): Failure {
  return new Failure("tool", `${what}: the tool succeeded but did not report what it built`, {
    code: "EvidenceMissing",
    hint: "Check that the program on PATH is the tool itself and not a wrapper that drops its arguments.",
    cause,
  });
}

/** Reads the digests from the files that the build wrote. Layouts and archives are skipped: their content is read itself. */
export async function readReportedDigests(
  evidence: readonly Evidence[],
  files: Pick<Files, "readText">,
): Promise<ReportedDigests> {
  const digests: ReportedDigests[] = [];
  for (const item of evidence) {
    if ("trust" in item || "means" in item)
      digests.push(readOne(item, await readEvidence(item.path, "The build", files)));
  }
  return Object.assign({}, ...digests);
}

function readOne(item: Extract<Evidence, { kind: "metadata" | "digest" }>, content: string): ReportedDigests {
  const digests = item.kind === "digest" ? reported(item.means, content) : readMetadata(content, item.trust);
  if (Object.keys(digests).length === 0) throw evidenceMissing(`${basename(item.path)} contains no digest`);
  return digests;
}

function readMetadata(content: string, trust: "root" | "config"): ReportedDigests {
  const values = new Map(Object.entries(objectIn(content)));
  const config = reported("config", values.get(CONFIG_KEY));
  // buildx omits the config's digest exactly if the daemon that loaded the image stores manifests (attribute
  // prefer-image-digest, moby/moby#45458); then the other digest is that of the manifest.
  const root = trust === "root" || config.config === undefined ? reported("root", values.get(ROOT_KEY)) : {};
  return { ...config, ...root };
}

function objectIn(text: string): object {
  const value = parseJson(text);
  return isJsonObject(value) ? value : {};
}

function reported(means: "root" | "config", value: unknown): ReportedDigests {
  return typeof value === "string" && isDigest(value) ? { [means]: value } : {};
}
