import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { type Architecture, sourceDateEpoch } from "../pins.ts";

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

/** A compressed layer that lies in a layout. */
export interface Layer {
  descriptor: Descriptor;
  diffId: string;
}

export interface ImageSettings {
  Env: readonly string[];
  Cmd?: readonly string[];
  Entrypoint?: readonly string[];
}

const oci = (kind: string) => `application/vnd.oci.image.${kind}`;
const created = new Date(sourceDateEpoch * 1000).toISOString();

/** Docker Hub's images name the variant of arm64 in index and config; so do ours. */
const platforms = {
  amd64: { architecture: "amd64", os: "linux" },
  arm64: { architecture: "arm64", os: "linux", variant: "v8" },
} as const;

/** Starts an empty OCI image layout. */
export function openLayout(layout: string): void {
  mkdirSync(join(layout, "blobs/sha256"), { recursive: true });
  writeFileSync(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
}

/** Compresses a tar file into the layout. */
export async function addLayer(layout: string, tar: string): Promise<Layer> {
  const plain = tap();
  const packed = tap();
  const draft = join(layout, "blobs", `draft-${createHash("sha256").update(tar).digest("hex").slice(0, 8)}`);
  await pipeline(createReadStream(tar), plain.through, createGzip(), packed.through, createWriteStream(draft));
  const digest = packed.hash.digest("hex");
  renameSync(draft, join(layout, "blobs/sha256", digest));
  return {
    descriptor: { mediaType: oci("layer.v1.tar+gzip"), digest: `sha256:${digest}`, size: packed.size() },
    diffId: `sha256:${plain.hash.digest("hex")}`,
  };
}

/** Writes an image index over one image per architecture and makes it what the layout holds. */
export function writeImage(layout: string, layers: Partial<Record<Architecture, Layer>>, config: ImageSettings): void {
  const manifests = (["amd64", "arm64"] as const).flatMap((architecture) => {
    const layer = layers[architecture];
    if (layer === undefined) return [];
    const platform = platforms[architecture];
    return [{ ...writeManifest(layout, layer, config, platform), platform }];
  });
  const index = addJson(layout, oci("index.v1+json"), {
    schemaVersion: 2,
    mediaType: oci("index.v1+json"),
    manifests,
  });
  writeFileSync(join(layout, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [index] }));
}

function writeManifest(layout: string, layer: Layer, config: ImageSettings, platform: object): Descriptor {
  const image = {
    created,
    ...platform,
    config,
    rootfs: { type: "layers", diff_ids: [layer.diffId] },
    history: [{ created, created_by: "test/lab" }],
  };
  return addJson(layout, oci("manifest.v1+json"), {
    schemaVersion: 2,
    mediaType: oci("manifest.v1+json"),
    config: addJson(layout, oci("config.v1+json"), image),
    layers: [layer.descriptor],
  });
}

function addJson(layout: string, mediaType: string, value: object): Descriptor {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = createHash("sha256").update(bytes).digest("hex");
  writeFileSync(join(layout, "blobs/sha256", digest), bytes);
  return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
}

function tap() {
  const hash = createHash("sha256");
  let size = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  return { through, hash, size: () => size };
}
