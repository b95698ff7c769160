import { Failure } from "../errors.ts";
import { type Digest, isDigest } from "../image/digest.ts";
import { normalizePlatform, type Platform, samePlatform } from "../image/platform.ts";
import type { Repository } from "../image/reference.ts";
import { type ContentProvider, readManifest } from "../registry/content.ts";
import { type Descriptor, isJsonObject, type JsonObject, parseJsonObject, platformOf } from "../registry/manifest.ts";
import type { Registries } from "../registry/registries.ts";
import { repositoryContent, resolve } from "../registry/resolve.ts";
import { ENVIRONMENT_LABEL, environmentTag } from "./names.ts";

/** The image that a payload is put on. */
export interface Environment {
  readonly key: Digest;
  readonly platform: Platform;
  readonly manifest: Descriptor;
  readonly layers: readonly Descriptor[];
  /** Its configuration, as it is stored. */
  readonly config: JsonObject;
  /** Where its blobs are. */
  readonly content: ContentProvider;
}

/**
 * Looks for the environment of a key in a repository; `undefined` when there is none. One whose configuration does not
 * carry the key, or that is for another platform, counts as none: a tag says nothing about what it points to.
 */
export async function findEnvironment(
  registries: Registries,
  repository: Repository,
  key: Digest,
  platform: Platform,
): Promise<Environment | undefined> {
  return ifThere(async () => {
    const root = await resolve(registries, { ...repository, tag: environmentTag(key) });
    return readEnvironment(repositoryContent(registries, repository, root), root, key, platform);
  });
}

/** A repository that was never pushed to may deny that it exists; what is really forbidden fails again at the push. */
const ABSENT: readonly string[] = ["NotFound", "Denied", "ManifestInvalid"];

/** What cannot be read, in whole or in part, counts as absent: it is made anew then, and may take the place of the other. */
export async function ifThere<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Failure && ABSENT.includes(error.code)) return undefined;
    throw error;
  }
}

/** The environment that a place holds, if it is the one of the key. */
export async function readEnvironment(
  content: ContentProvider,
  root: Descriptor,
  key: Digest,
  platform: Platform,
): Promise<Environment | undefined> {
  const { manifest } = await readManifest(content, root);
  if (manifest.kind === "index") {
    const [member, ...others] = manifest.members.filter(({ annotations }) => Object.keys(annotations).length === 0);
    if (member === undefined || others.length > 0) return undefined;
    return readEnvironment(content, member, key, platform);
  }
  const where = `The config ${manifest.config.digest} in ${content.place}`;
  const config = parseJsonObject(await content.document(manifest.config), where);
  const found = platformOf(config);
  const isWanted = found !== undefined && samePlatform(normalizePlatform(found), platform);
  if (!isWanted || labelOf(config) !== key || diffIdsOf(config).length !== manifest.layers.length) return undefined;
  return { key, platform, manifest: root, layers: manifest.layers, config, content };
}

function labelOf(config: JsonObject): unknown {
  const runtime = config["config"];
  const labels = isJsonObject(runtime) ? runtime["Labels"] : undefined;
  return isJsonObject(labels) ? labels[ENVIRONMENT_LABEL] : undefined;
}

function diffIdsOf(config: JsonObject): readonly Digest[] {
  const rootfs = config["rootfs"];
  const ids = isJsonObject(rootfs) ? rootfs["diff_ids"] : undefined;
  return Array.isArray(ids) ? ids.filter((id): id is Digest => typeof id === "string" && isDigest(id)) : [];
}
