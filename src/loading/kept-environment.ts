/**
 * Environments that are kept in an engine's own store, for later images that are loaded there. Nobody reads their layers
 * again: the store has them. What a later image needs to know of them, and of the layers of models, is in a label.
 */
import { assembledContent } from "../assembly/assembled-content.ts";
import { document } from "../assembly/compose.ts";
import { recordOf } from "../assembly/store.ts";
import { type Environment, EnvironmentLost, readEnvironment } from "../cache/cached-environment.ts";
import type { CachedLayer } from "../cache/cached-layers.ts";
import { KEPT_ENVIRONMENT, KEPT_TIME, keptRepository, keptTag } from "../cache/names.ts";
import { Failure } from "../errors.ts";
import type { ContentProvider } from "../oci/content.ts";
import { type Digest, digestOf, isDigest } from "../oci/digest.ts";
import { OCI_CONFIG, OCI_MANIFEST } from "../oci/media-types.ts";
import type { Platform } from "../oci/platform.ts";
import { printReference, printRepository, type Reference } from "../oci/reference.ts";
import { isJsonObject, type JsonObject, parseJson } from "../text/json.ts";
import { type ImageToLoad, type LocalStore, labelsOf, removeName, tagsOf } from "./local-store.ts";

/** How many environments of a Bento are kept; older ones are removed. */
const KEPT_AT_MOST = 3;

/** An environment that is kept, and the layers of the models that were loaded on it last, by their keys. */
export interface Kept {
  readonly environment: Environment;
  readonly models: ReadonlyMap<string, CachedLayer>;
}

/** The environment of the key, if the store keeps it. */
export async function findKept(
  local: LocalStore,
  bento: string,
  key: Digest,
  platform: Platform,
): Promise<Kept | undefined> {
  const labels = await labelsOf(local, keptName(bento, key));
  const record = labels?.[KEPT_ENVIRONMENT];
  if (typeof record !== "string") return undefined;
  const place = `${local.store.tool}'s store`;
  try {
    return await readRecord(record, key, platform, place);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    local.machine.actions.info(`The environment in ${place} is not used: ${error.message}`);
    return undefined;
  }
}

/** The image that keeps an environment: its layers, under a name made from its key. */
export async function keptImage({ environment, models }: Kept, bento: string, now: Date): Promise<ImageToLoad> {
  const { key, platform, layers, config, configDigest, content } = environment;
  const bytes = await content.document({ mediaType: OCI_CONFIG, digest: configDigest });
  const descriptor = { mediaType: OCI_CONFIG, digest: configDigest, size: bytes.length, annotations: {} };
  const own = recordOf({ config: descriptor, layers }, {});
  const record = JSON.stringify({ manifest: textOf(own.bytes), config: textOf(bytes), models: [...models] });
  const labels = { [KEPT_ENVIRONMENT]: record, [KEPT_TIME]: now.toISOString() };
  const labelled = document(OCI_CONFIG, withLabels(config, labels));
  const manifest = recordOf({ config: labelled.descriptor, layers }, {});
  return {
    platform,
    names: [keptName(bento, key)],
    root: manifest.descriptor,
    content: assembledContent([labelled, manifest], [], [environment]),
  };
}

/** Removes the Bento's oldest environments, so that they do not fill the disk. */
export async function removeOldest(local: LocalStore, bento: string): Promise<void> {
  const repository = keptRepository(bento);
  const tags = await tagsOf(local, printRepository(repository));
  const kept = await Promise.all(
    tags.map(async (tag) => ({
      tag,
      time: String((await labelsOf(local, { ...repository, tag }))?.[KEPT_TIME] ?? ""),
    })),
  );
  const old = kept.sort((one, other) => (one.time < other.time ? 1 : -1)).slice(KEPT_AT_MOST);
  for (const { tag } of old) await removeName(local, printReference({ ...repository, tag }));
}

function keptName(bento: string, key: Digest): Reference {
  return { ...keptRepository(bento), tag: keptTag(key) };
}

function withLabels(config: JsonObject, more: Readonly<Record<string, string>>): JsonObject {
  const runtime = isJsonObject(config["config"]) ? config["config"] : {};
  const labels = isJsonObject(runtime["Labels"]) ? runtime["Labels"] : {};
  return { ...config, config: { ...runtime, Labels: { ...labels, ...more } } };
}

/** @throws Failure if the record is not what {@link keptImage} writes. */
async function readRecord(text: string, key: Digest, platform: Platform, place: string): Promise<Kept | undefined> {
  const record = parseJson(text);
  const [manifest, config] = ["manifest", "config"].map((name) =>
    Buffer.from(String(isJsonObject(record) ? record[name] : "")),
  );
  if (manifest === undefined || config === undefined) return undefined;
  const documents = new Map([manifest, config].map((bytes) => [digestOf(bytes), bytes]));
  const content: ContentProvider = {
    place,
    async document({ digest }) {
      const found = documents.get(digest);
      if (found === undefined) throw new Failure("engine", `${place} has no document ${digest}`);
      return found;
    },
    async blob() {
      throw new EnvironmentLost(key, place);
    },
  };
  const root = { mediaType: OCI_MANIFEST, digest: digestOf(manifest), size: manifest.length, annotations: {} };
  const found = await readEnvironment(content, root, key, platform);
  const models = modelsIn(isJsonObject(record) ? record["models"] : undefined);
  return found && { environment: found.environment, models };
}

function modelsIn(pairs: unknown): ReadonlyMap<string, CachedLayer> {
  const entries: readonly unknown[] = Array.isArray(pairs) ? pairs : [];
  return new Map(entries.flatMap((pair) => (Array.isArray(pair) ? modelOf(pair) : [])));
}

function modelOf([key, layer]: readonly unknown[]): readonly (readonly [string, CachedLayer])[] {
  if (typeof key !== "string" || !isJsonObject(layer)) return [];
  const { mediaType, digest, size, diffId } = layer;
  const isLayer =
    typeof mediaType === "string" && Number.isSafeInteger(size) && isDigestText(digest) && isDigestText(diffId);
  return isLayer ? [[key, { mediaType, digest, size: Number(size), diffId }]] : [];
}

function isDigestText(value: unknown): value is Digest {
  return typeof value === "string" && isDigest(value);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}
