import { createHash } from "node:crypto";
import { streamFile } from "../bento/hub/stream.ts";
import { chooseEncoding, mediaTypeOf } from "../layers/encoding.ts";
import type { Reading } from "../layers/file-content.ts";
import type { Encoding, LayerPlan } from "../layers/layer.ts";
import { blobOf, blobSize, encode, tarOf } from "../layers/layer-bytes.ts";
import { tarSize } from "../layers/tar-writer.ts";
import type { Machine } from "../machine/machine.ts";
import type { Compression } from "../oci/compression.ts";
import type { Digest } from "../oci/digest.ts";
import type { Bytes } from "../registry/session.ts";
import { printBytes } from "../text/byte-size.ts";
import { describeLayer, type LayerJob, type PreparedLayer } from "./prepare-layers.ts";

/** Uploads bytes whose digest is known only when all of them have been sent. */
export type SendStream = (bytes: Bytes, signal: AbortSignal) => Promise<{ readonly digest: Digest }>;

/**
 * Streams a layer with files at the Hub to the registry in one pass, and hashes files, tar and blob on the way.
 * @throws Failure of the Hub, also when a file differs from what the Hub lists; of the registry. The upload is then
 * abandoned.
 */
export async function streamLayer(
  job: LayerJob,
  compression: Compression,
  send: SendStream,
  machine: Machine,
): Promise<PreparedLayer> {
  const { plan } = job;
  const { encoding } = await chooseEncoding(plan, compression, machine.files.enclosed);
  const size = blobSize(plan, encoding);
  if (size === undefined) throw new Error(`${plan.title}: the size of a layer to stream must be known`);
  const reading: Reading = {
    ...machine.files.enclosed,
    remote: (file) => streamFile(file, machine),
  };
  let diffId: Digest | undefined;
  const open = async () =>
    hashedBlob(plan, encoding, reading, (found) => {
      diffId = found;
    });
  machine.actions.info(`${plan.title}: streaming ${printBytes(size)} from the Hub to the registry`);
  const { digest } = await send({ size, open }, machine.signal);
  if (diffId === undefined) throw new Error(`${plan.title}: the upload ended before all bytes were sent`);
  return {
    ...describeLayer(job, { mediaType: mediaTypeOf(encoding), diffId, digest, size }),
    origin: "streamed",
    reason: "",
    open: async () => blobOf(plan, encoding, reading),
  };
}

/** The bytes of the blob. Its tar is hashed on the way; `onDiffId` is called after the last byte. */
async function* hashedBlob(
  plan: LayerPlan,
  encoding: Encoding,
  reading: Reading,
  onDiffId: (diffId: Digest) => void,
): AsyncGenerator<Uint8Array, void, void> {
  const tar = createHash("sha256");
  yield* encode(updating(tar, tarOf(plan, reading)), tarSize(plan), encoding);
  onDiffId(`sha256:${tar.digest("hex")}`);
}

async function* updating(
  hash: ReturnType<typeof createHash>,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}
