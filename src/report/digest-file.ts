/** The digest file: what a matrix job pushed, as a small JSON file that travels as an artifact to the job that merges the images. */
import { printTag } from "../bento/bento.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { parsePlatform, platformSlug, printPlatform } from "../oci/platform.ts";
import { distinctRepositories, parseReference, printRepository } from "../oci/reference.ts";
import { parseJson } from "../text/json.ts";
import type { Report } from "./report.ts";

export interface DigestFile {
  readonly digest: Digest;
  /** Repositories that have the image, such as `ghcr.io/acme/iris`; it is read from the first. */
  readonly repositories: readonly string[];
  /** `linux/arm64` */
  readonly platforms: readonly string[];
  /** `name:version` */
  readonly bento: string;
  /** The commit that the workflow ran on; absent outside of a workflow. */
  readonly revision?: string;
}

/**
 * The name and content of a pushed image's digest file; undefined without a digest. The name contains the platforms, so it
 * is unique in the matrix.
 * @param revision GITHUB_SHA
 */
export function digestFileOf(
  report: Pick<Report, "result" | "references" | "bento">,
  revision: string | undefined,
): { readonly name: string; readonly content: string } | undefined {
  const { result, references, bento } = report;
  if (result.digest === undefined) return undefined;
  const platforms = result.platforms.map(({ platform }) => platform);
  const file: DigestFile = {
    digest: result.digest,
    repositories: distinctRepositories(references).map(printRepository),
    platforms: platforms.map(printPlatform),
    bento: printTag(bento.tag),
    ...(revision ? { revision } : {}),
  };
  const name = [bento.tag.name, ...platforms.map(platformSlug)].join("-");
  return { name: `${name}.json`, content: `${JSON.stringify(file, null, 2)}\n` };
}

/** Reads a digest file; undefined when the text is not one. */
export function parseDigestFile(text: string): DigestFile | undefined {
  const file = parseJson(text);
  return isDigestFile(file) ? file : undefined;
}

function isDigestFile(file: unknown): file is DigestFile {
  if (typeof file !== "object" || file === null) return false;
  const { digest, repositories, platforms, bento, revision } = file as Partial<Record<keyof DigestFile, unknown>>;
  return (
    typeof digest === "string" &&
    isDigest(digest) &&
    isListOf(repositories, parseReference) &&
    isListOf(platforms, parsePlatform) &&
    typeof bento === "string" &&
    (revision === undefined || typeof revision === "string")
  );
}

function isListOf(list: unknown, parse: (item: string) => unknown): boolean {
  if (!Array.isArray(list) || list.length === 0) return false;
  return list.every((item: unknown) => typeof item === "string" && accepts(parse, item));
}

/** Whether the parser, which throws for invalid text, accepts the item. */
function accepts(parse: (item: string) => unknown, item: string): boolean {
  try {
    parse(item);
    return true;
  } catch {
    return false;
  }
}
