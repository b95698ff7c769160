import { Failure } from "../errors.ts";
import { type Digest, isDigest } from "../image/digest.ts";
import { normalizePlatform, type Platform, samePlatform } from "../image/platform.ts";
import { printRepository, type Repository, repositoryOf } from "../image/reference.ts";
import { type ContentProvider, readManifest } from "../registry/content.ts";
import { type Descriptor, isJsonObject, type JsonObject, parseJsonObject, platformOf } from "../registry/manifest.ts";
import { OCI_CONFIG } from "../registry/media-types.ts";
import type { Registries } from "../registry/registries.ts";
import { repositoryContent, resolve } from "../registry/resolve.ts";
import { withoutIdleLayers } from "./distinct-layers.ts";
import type { EarlierImage } from "./known.ts";
import { ENVIRONMENT_CONFIG, ENVIRONMENT_KEY, ENVIRONMENT_LABEL, environmentTag, LAYER_TITLE } from "./names.ts";

/** The image that a payload is put on. */
export interface Environment {
  readonly key: Digest;
  readonly platform: Platform;
  readonly layers: readonly Descriptor[];
  /** Its configuration, as it is stored, and the digest of that. */
  readonly config: JsonObject;
  readonly configDigest: Digest;
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

/**
 * The environment of a key that an earlier image stands on, which spares the question for its manifest. Its blobs are in
 * that image's repository; its configuration is in the one that keeps environments.
 */
export function recallEnvironment(
  registries: Registries,
  cache: Repository,
  earlier: EarlierImage | undefined,
  key: Digest,
  platform: Platform,
): Promise<Environment | undefined> {
  const member = earlier?.members.find(({ annotations }) => annotations[ENVIRONMENT_KEY] === key);
  const digest = member?.annotations[ENVIRONMENT_CONFIG] ?? "";
  if (earlier === undefined || member === undefined || !isDigest(digest)) return Promise.resolve(undefined);
  const layers = member.layers.filter(({ annotations }) => !(LAYER_TITLE in annotations));
  const place = repositoryOf(earlier.reference);
  return ifThere(async () => {
    const bytes = await repositoryContent(registries, cache).document({ mediaType: OCI_CONFIG, digest });
    // The image was made without the environment's idle layers.
    const config = withoutIdleLayers(parseJsonObject(bytes, `The config ${digest} in ${printRepository(cache)}`));
    const environment = { key, platform, layers, config, configDigest: digest };
    return isEnvironment(environment) ? { ...environment, content: repositoryContent(registries, place) } : undefined;
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
  const environment = { key, platform, layers: manifest.layers, config, configDigest: manifest.config.digest };
  return isEnvironment(environment) ? { ...environment, content } : undefined;
}

/** Whether the configuration says what is said of it. */
function isEnvironment({ key, platform, layers, config }: Omit<Environment, "content">): boolean {
  const found = platformOf(config);
  const isWanted = found !== undefined && samePlatform(normalizePlatform(found), platform);
  return isWanted && labelOf(config) === key && diffIdsOf(config).length === layers.length;
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
