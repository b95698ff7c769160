import { createHash } from "node:crypto";
import type { Compression } from "../image/compression.ts";
import type { Digest } from "../image/digest.ts";
import type { Bytes } from "../registry/session.ts";
import type { World } from "../world/world.ts";
import { chooseEncoding } from "./encoding.ts";
import type { Reading } from "./file-content.ts";
import { EachFile } from "./hash.ts";
import type { Encoding, FileEntry, LayerPlan } from "./layer.ts";
import { blobOf, blobSize, encode, tarOf } from "./layer-bytes.ts";
import { setFrom } from "./measure.ts";
import { describeLayer, type LayerJob, type PreparedLayer } from "./payload.ts";
import { filesOf, tarSize } from "./tar.ts";

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
  const { streamFile } = await import("../bento/hub/stream.ts");
  const reading: Reading = {
    ...world.files.enclosed,
    remote: (file) => streamFile(file, world),
  };
  let hashes: Hashes | undefined;
  const open = async () =>
    passing(plan, encoding, reading, (found) => {
      hashes = found;
    });
  world.actions.info(`${plan.title}: from the Hub to the registry, ${size} bytes`);
  const { digest } = await send({ size, open }, world.signal);
  if (hashes === undefined) throw new Error(`${plan.title} was taken before all of it was sent`);
  return {
    ...describeLayer(job, encoding, { ...hashes, digest, size }),
    origin: "streamed",
    reason: "",
    open: async () => blobOf(plan, encoding, reading),
  };
}

interface Hashes {
  readonly diffId: Digest;
  readonly set: Digest;
}

/** The blob, hashed on its way; told when all of it has passed. */
async function* passing(
  plan: LayerPlan,
  encoding: Encoding,
  reading: Reading,
  told: (hashes: Hashes) => void,
): AsyncGenerator<Uint8Array, void, void> {
  const each = new EachFile();
  const tar = createHash("sha256");
  // What comes from the Hub has its hash, and was checked against it.
  const onContent = (entry: FileEntry, piece: Uint8Array): void => {
    if (entry.source.kind !== "remote") each.update(entry, piece);
  };
  yield* encode(updating(tar, tarOf(plan, reading, onContent)), tarSize(plan), encoding);
  const files = filesOf(plan);
  const hashes = files.map((entry) => (entry.source.kind === "remote" ? entry.source.file.sha256 : each.hashOf(entry)));
  told({ diffId: `sha256:${tar.digest("hex")}`, set: setFrom(files, hashes) });
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
