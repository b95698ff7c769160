/** One tiny image, the same in every process: what the fake tools build and what the fake registry is given. */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Digest, digestOf, hexOf } from "../../src/oci/digest.ts";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

export interface Blob {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly bytes: Buffer;
}

export interface TinyImage {
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layers: readonly Blob[];
}

type Labels = Readonly<Record<string, string>>;

function blob(mediaType: string, text: string): Blob {
  const bytes = Buffer.from(text);
  return { mediaType, digest: digestOf(bytes), size: bytes.length, bytes };
}

function descriptor({ mediaType, digest, size }: Blob): object {
  return { mediaType, digest, size };
}

/** @param marker other markers are other images. */
export function tinyImage(marker = "one", architecture = "amd64", labels: Labels = {}): TinyImage {
  const config = blob(
    "application/vnd.oci.image.config.v1+json",
    JSON.stringify({
      os: "linux",
      architecture,
      marker,
      config: { Cmd: ["python3"], Env: ["PATH=/usr/bin"], Labels: labels },
      rootfs: { type: "layers", diff_ids: [digestOf(`a layer of ${marker}, unpacked`)] },
      history: [{ created_by: "a step" }],
    }),
  );
  const layers = [blob("application/vnd.oci.image.layer.v1.tar+gzip", `a layer of ${marker}`)];
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: descriptor(config),
    layers: layers.map(descriptor),
  };
  return { manifest: blob(MANIFEST, JSON.stringify(manifest)), config, layers };
}

/** Writes the image as an OCI layout directory, beside what is in it already, as the real tools do. */
export async function writeLayout(directory: string, { manifest, config, layers }: TinyImage): Promise<void> {
  const blobs = join(directory, "blobs/sha256");
  await mkdir(blobs, { recursive: true });
  for (const { digest, bytes } of [manifest, config, ...layers]) await writeFile(join(blobs, hexOf(digest)), bytes);
  await writeFile(join(directory, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  const index = join(directory, "index.json");
  const others: { readonly digest: string }[] = existsSync(index)
    ? JSON.parse(await readFile(index, "utf8")).manifests
    : [];
  const manifests = [...others.filter(({ digest }) => digest !== manifest.digest), descriptor(manifest)];
  await writeFile(index, JSON.stringify({ schemaVersion: 2, manifests }));
}

/** Pushes the image to a registry that speaks plain HTTP. @param reference `host:port/path:tag`. */
export async function pushImage(reference: string, { manifest, config, layers }: TinyImage): Promise<void> {
  const [, host, path, tag] = /^([^/]+)\/(.+):([^:/]+)$/.exec(reference) ?? [];
  const repository = `http://${host}/v2/${path}`;
  for (const { digest, bytes } of [config, ...layers]) {
    const begun = await fetch(`${repository}/blobs/uploads/`, { method: "POST" });
    const place = new URL(begun.headers.get("location") ?? "", repository);
    await fetch(`${place}&digest=${digest}`, { method: "PUT", body: bytes });
  }
  const headers = { "content-type": manifest.mediaType };
  const put = await fetch(`${repository}/manifests/${tag}`, { method: "PUT", headers, body: manifest.bytes });
  if (!put.ok) throw new Error(`${reference} was refused`);
}
