import { createHash } from "node:crypto";
import { streamFile } from "../bento/hub/stream.ts";
import type { Compression } from "../image/compression.ts";
import type { Digest } from "../image/digest.ts";
import type { Bytes } from "../registry/session.ts";
import type { World } from "../world/world.ts";
import { chooseEncoding, mediaTypeOf } from "./encoding.ts";
import type { Reading } from "./file-content.ts";
import type { Encoding, LayerPlan } from "./layer.ts";
import { blobOf, blobSize, encode, tarOf } from "./layer-bytes.ts";
import { describeLayer, type LayerJob, type PreparedLayer } from "./payload.ts";
import { tarSize } from "./tar.ts";

/** Sends bytes whose digest is known when all have passed. */
export type SendStream = (bytes: Bytes, signal: AbortSignal) => Promise<{ readonly digest: Digest }>;

/**
 * Sends a layer with files at the Hub: from there through hashes of file, tar and blob into the upload, in one pass.
 * @throws Failure of the Hub, also when a file is not what it lists; of the registry. The upload is then dropped.
 */
export async function streamLayer(
  job: LayerJob,
  compression: Compression,
  send: SendStream,
  world: World,
): Promise<PreparedLayer> {
  const { plan } = job;
  const { encoding } = await chooseEncoding(plan, compression, world.files.enclosed);
  const size = blobSize(plan, encoding);
  if (size === undefined) throw new Error(`${plan.title}: nobody knows how many bytes it will have`);
  const reading: Reading = {
    ...world.files.enclosed,
    remote: (file) => streamFile(file, world),
  };
  let diffId: Digest | undefined;
  const open = async () =>
    passing(plan, encoding, reading, (found) => {
      diffId = found;
    });
  world.actions.info(`${plan.title}: from the Hub to the registry, ${size} bytes`);
  const { digest } = await send({ size, open }, world.signal);
  if (diffId === undefined) throw new Error(`${plan.title} was taken before all of it was sent`);
  return {
    ...describeLayer(job, { mediaType: mediaTypeOf(encoding), diffId, digest, size }),
    origin: "streamed",
    reason: "",
    open: async () => blobOf(plan, encoding, reading),
  };
}

/** The blob, whose tar is hashed on its way; told when all of it has passed. */
async function* passing(
  plan: LayerPlan,
  encoding: Encoding,
  reading: Reading,
  told: (diffId: Digest) => void,
): AsyncGenerator<Uint8Array, void, void> {
  const tar = createHash("sha256");
  yield* encode(updating(tar, tarOf(plan, reading)), tarSize(plan), encoding);
  told(`sha256:${tar.digest("hex")}`);
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
