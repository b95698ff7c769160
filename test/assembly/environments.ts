/** Environments in the fake registry, as a builder pushes them. */
import { ENVIRONMENT_LABEL, environmentTag } from "../../src/cache/names.ts";
import { type Digest, digestOf } from "../../src/oci/digest.ts";
import { writeLayout } from "../fakes/image.ts";
import type { FakeRegistry } from "../fakes/registry.ts";

export const AMD64 = { os: "linux", architecture: "amd64" };

interface Stored {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
}

/** Puts a blob into a repository of the fake registry. */
export function storeBlob(fake: FakeRegistry, path: string, mediaType: string, content: string): Stored {
  const bytes = Buffer.from(content);
  const digest = digestOf(bytes);
  const shelf = fake.blobs.get(path) ?? new Map();
  fake.blobs.set(path, shelf.set(digest, bytes));
  return { mediaType, digest, size: bytes.length };
}

/** Puts a manifest or an index into a repository, by its digest and, if given, under a tag. */
export function storeManifest(
  fake: FakeRegistry,
  path: string,
  tag: string | undefined,
  mediaType: string,
  manifest: object,
): Stored {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...manifest }));
  const digest = digestOf(bytes);
  const shelf = fake.manifests.get(path) ?? new Map();
  fake.manifests.set(path, shelf.set(digest, { bytes, mediaType }));
  if (tag !== undefined) shelf.set(tag, { bytes, mediaType });
  return { mediaType, digest, size: bytes.length };
}

export const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const INDEX = "application/vnd.oci.image.index.v1+json";
const CONFIG = "application/vnd.oci.image.config.v1+json";
const GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
export const LAYERS: readonly string[] = ["the base", "the packages"];

/** The image configuration that a builder writes for an environment. */
export function environmentConfig(key: Digest, platform: object = AMD64, layers: readonly string[] = LAYERS) {
  return {
    created: "1980-01-02T00:00:00Z",
    ...platform,
    config: {
      User: "root",
      Env: ["PATH=/app/.venv/bin:/usr/bin:/bin", "LANG=C.UTF-8"],
      Cmd: ["python3"],
      WorkingDir: "/home/bentoml/bento",
      Labels: { maintainer: "base", [ENVIRONMENT_LABEL]: key },
    },
    rootfs: { type: "layers", diff_ids: layers.map((layer) => digestOf(`${layer}, unpacked`)) },
    history: [{ created_by: "base" }, { created_by: "ENV", empty_layer: true }, { created_by: "RUN" }],
  };
}

/** What a builder would push for this key. */
export function storeEnvironment(
  fake: FakeRegistry,
  path: string,
  key: Digest,
  config: object = environmentConfig(key),
): Stored {
  return storeEnvironmentAs(fake, path, environmentTag(key), config);
}

/** The same under another tag, or under none. */
export function storeEnvironmentAs(
  fake: FakeRegistry,
  path: string,
  tag: string | undefined,
  config: object,
  layers: readonly string[] = LAYERS,
): Stored {
  const described = storeBlob(fake, path, CONFIG, JSON.stringify(config));
  const stored = layers.map((layer) => storeBlob(fake, path, GZIP, layer));
  return storeManifest(fake, path, tag, MANIFEST, { config: described, layers: stored });
}

/** What a builder would write as an OCI layout. @returns the digest of its manifest. */
export async function layoutOfEnvironment(directory: string, config: object): Promise<Digest> {
  const blobOf = (mediaType: string, text: string) => {
    const bytes = Buffer.from(text);
    return { mediaType, digest: digestOf(bytes), size: bytes.length, bytes };
  };
  const image = { config: blobOf(CONFIG, JSON.stringify(config)), layers: LAYERS.map((layer) => blobOf(GZIP, layer)) };
  const named = ({ mediaType, digest, size }: ReturnType<typeof blobOf>) => ({ mediaType, digest, size });
  const descriptorJson = { config: named(image.config), layers: image.layers.map(named) };
  const manifest = blobOf(MANIFEST, JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, ...descriptorJson }));
  await writeLayout(directory, { ...image, manifest });
  return manifest.digest;
}
