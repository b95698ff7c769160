import { LAYER_TITLE } from "../cache/names.ts";
import { Failure } from "../errors.ts";
import { type ContentProvider, readManifest } from "../oci/content.ts";
import { isAttestation } from "../oci/describe.ts";
import { type Descriptor, type Manifest, parseJsonObject, platformOf } from "../oci/manifest.ts";
import { isImageConfigType } from "../oci/media-types.ts";
import { normalizePlatform, type Platform } from "../oci/platform.ts";
import { type Repository, repositoryOf } from "../oci/reference.ts";
import type { Registries } from "../registry/registries.ts";
import { repositoryContent, resolve } from "../registry/resolve.ts";
import { isJsonObject, type JsonObject } from "../text/json.ts";
import type { JobImage } from "./job-images.ts";

/** The image of one platform, in whichever repository it is. */
export interface Member {
  readonly platform: Platform;
  readonly descriptor: Descriptor;
  /** Attestations of this image in the job's own index. */
  readonly attestations: readonly Descriptor[];
  readonly repository: Repository;
  readonly content: ContentProvider;
  readonly labels: Readonly<Record<string, string>>;
  /** For an image that this action assembled: layer title → diff id, which does not depend on the compression. */
  readonly payload: ReadonlyMap<string, string>;
  readonly jobImage: JobImage;
}

/**
 * The images that a job pushed: one image, or all images of an index and of the indexes in it.
 * @throws Failure of the registry; `input`, code `NoImage`, when the reference is not a container image.
 */
export async function readJobImage(registries: Registries, jobImage: JobImage): Promise<readonly Member[]> {
  const root = await resolve(registries, jobImage.reference);
  const repository = repositoryOf(jobImage.reference);
  const content = repositoryContent(registries, repository, root);
  const { mediaType, digest, size } = root;
  const members = await membersOf({ mediaType, digest, size, annotations: {} }, [], { jobImage, repository, content });
  if (members.length > 0) return members;
  throw new Failure("input", `${jobImage.source} is not a container image`, { code: "NoImage" });
}

type Origin = Pick<Member, "jobImage" | "repository" | "content">;

async function membersOf(
  descriptor: Descriptor,
  attestations: readonly Descriptor[],
  origin: Origin,
): Promise<readonly Member[]> {
  const { manifest } = await readManifest(origin.content, descriptor);
  if (manifest.kind === "manifest") return memberOf(descriptor, manifest, attestations, origin);
  const all = manifest.members;
  const images = all.filter((member) => !isAttestation(member));
  const found = await Promise.all(
    images.map((image) => membersOf(image, attestationsOf(image, images.length, all), origin)),
  );
  return found.flat();
}

/** BuildKit names the image that an attestation describes; an attestation without a name describes the only image. */
function attestationsOf({ digest }: Descriptor, count: number, all: readonly Descriptor[]): readonly Descriptor[] {
  return all.filter((member) => {
    const subject = member.annotations["vnd.docker.reference.digest"];
    return isAttestation(member) && (subject === undefined ? count === 1 : subject === digest);
  });
}

async function memberOf(
  descriptor: Descriptor,
  { config, layers, mediaType }: Extract<Manifest, { kind: "manifest" }>,
  attestations: readonly Descriptor[],
  origin: Origin,
): Promise<readonly Member[]> {
  if (!isImageConfigType(config.mediaType)) return [];
  const { content, jobImage } = origin;
  const parsedConfig = parseJsonObject(
    await content.document(config),
    `The config ${config.digest} in ${content.place}`,
  );
  const platform = platformOf(parsedConfig) ?? descriptor.platform;
  if (platform === undefined) throw new Failure("input", `${jobImage.source} has no platform`, { code: "NoImage" });
  const plain = { ...descriptor, mediaType, annotations: {} };
  const details = { labels: labelsOf(parsedConfig), payload: payloadOf(layers, parsedConfig) };
  return [{ ...origin, ...details, descriptor: plain, attestations, platform: normalizePlatform(platform) }];
}

function payloadOf(layers: readonly Descriptor[], { rootfs }: JsonObject): ReadonlyMap<string, string> {
  const ids = isJsonObject(rootfs) && Array.isArray(rootfs["diff_ids"]) ? rootfs["diff_ids"] : [];
  return new Map(
    layers.flatMap(({ annotations: { [LAYER_TITLE]: title } }, index) =>
      title === undefined ? [] : [[title, String(ids[index])]],
    ),
  );
}

function labelsOf({ config }: JsonObject): Readonly<Record<string, string>> {
  const labels = isJsonObject(config) ? config["Labels"] : undefined;
  const pairs = isJsonObject(labels) ? Object.entries(labels) : [];
  return Object.fromEntries(pairs.map(([key, value]) => [key, String(value)]));
}
