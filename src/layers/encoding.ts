import { deflateRaw } from "node:zlib";
import type { Compression } from "../oci/compression.ts";
import { printBytes } from "../text/byte-size.ts";
import type { Encoding, LayerPlan } from "./layer.ts";
import { type SampleFiles, sampleOf } from "./sample.ts";
import { isRemote } from "./tar-writer.ts";

const GZIP_LEVEL = 6;
const ZSTD_LEVEL = 3;
/** The least reduction in size for which compression is worth the time, here and on every node that pulls the image. */
const MIN_GAIN = 0.05;

export interface EncodingChoice {
  readonly encoding: Encoding;
  /** For the job summary: `stored: a sample of 2.0 MB compresses to 99.8 %`. */
  readonly reason: string;
}

/**
 * The encoding that the input requests. Without a request: gzip if a sample compresses, otherwise stored blocks, as for
 * weights. The same plan and bytes always give the same encoding. Files at the Hub are not sampled; they use stored
 * blocks, because they are weights and their upload needs the size in advance.
 * @throws Failure `bento`, code `ContentChanged`, when a file of the sample differs from the plan.
 */
export async function chooseEncoding(
  plan: LayerPlan,
  compression: Compression | undefined,
  files: SampleFiles,
): Promise<EncodingChoice> {
  const isAuto = compression === undefined || compression.auto === true;
  if (isAuto && isRemote(plan))
    return { encoding: { kind: "stored" }, reason: "stored: streamed from the Hub, not sampled" };
  if (isAuto) return choose(plan, gzip(compression?.level), files);
  const encoding = requested(compression);
  return { encoding, reason: `${printEncoding(encoding)}: as requested` };
}

/** The media type of a layer's blob. @see https://github.com/opencontainers/image-spec/blob/main/layer.md */
export function mediaTypeOf({ kind }: Encoding): string {
  const tar = "application/vnd.oci.image.layer.v1.tar";
  if (kind === "none") return tar;
  return kind === "zstd" ? `${tar}+zstd` : `${tar}+gzip`;
}

function requested({ format, level }: Compression): Encoding {
  if (format === "gzip") return gzip(level);
  return format === "zstd" ? { kind: "zstd", level: level ?? ZSTD_LEVEL } : { kind: "none" };
}

/** Level 0 uses our own stored blocks: zlib's are cut in ways that depend on its version. */
function gzip(level = GZIP_LEVEL): Encoding {
  return level === 0 ? { kind: "stored" } : { kind: "gzip", level };
}

/** Does not use `promisify`, since node:util takes 4 ms to load. */
function deflatedSize(bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    deflateRaw(bytes, { level: GZIP_LEVEL }, (error, deflated) =>
      error === null ? resolve(deflated.length) : reject(error),
    );
  });
}

async function choose(plan: LayerPlan, compressed: Encoding, files: SampleFiles): Promise<EncodingChoice> {
  const sample = await sampleOf(plan, files);
  const ratio = (await deflatedSize(sample)) / sample.length;
  const encoding: Encoding = ratio > 1 - MIN_GAIN ? { kind: "stored" } : compressed;
  const percent = (100 * ratio).toFixed(1);
  return {
    encoding,
    reason: `${printEncoding(encoding)}: a sample of ${printBytes(sample.length)} compresses to ${percent} %`,
  };
}

function printEncoding(encoding: Encoding): string {
  return "level" in encoding ? `${encoding.kind} level ${encoding.level}` : encoding.kind;
}
