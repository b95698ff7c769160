import { deflateRaw } from "node:zlib";
import type { Compression } from "../oci/compression.ts";
import { printBytes } from "../text/byte-size.ts";
import type { Encoding, LayerPlan } from "./layer.ts";
import { type SampleFiles, sampleOf } from "./sample.ts";
import { isRemote } from "./tar-writer.ts";

const GZIP_LEVEL = 6;
const ZSTD_LEVEL = 3;
/** What compression must gain to be worth the time, ours and that of every node that pulls. */
const WORTHWHILE = 0.05;

export interface EncodingChoice {
  readonly encoding: Encoding;
  /** For the job summary: `stored: a sample of 2.0 MB compresses to 99.8 %`. */
  readonly reason: string;
}

/**
 * The encoding that was asked for. When none was, gzip for what compresses, and stored blocks for what does not, as
 * weights do not. The same plan and bytes give the same answer. What is at the Hub is not looked at: as it is weights, and
 * as its upload must say its size ahead, stored blocks.
 * @throws Failure `bento`, code `ContentChanged`, when a file of the sample is not what was planned.
 */
export async function chooseEncoding(
  plan: LayerPlan,
  compression: Compression | undefined,
  files: SampleFiles,
): Promise<EncodingChoice> {
  const isAuto = compression === undefined || compression.auto === true;
  if (isAuto && isRemote(plan)) return { encoding: { kind: "stored" }, reason: "stored: at the Hub, not sampled" };
  if (isAuto) return choose(plan, gzip(compression?.level), files);
  const encoding = asked(compression);
  return { encoding, reason: `${printEncoding(encoding)}: as asked` };
}

/** The media type of a layer's blob. @see https://github.com/opencontainers/image-spec/blob/main/layer.md */
export function mediaTypeOf({ kind }: Encoding): string {
  const tar = "application/vnd.oci.image.layer.v1.tar";
  if (kind === "none") return tar;
  return kind === "zstd" ? `${tar}+zstd` : `${tar}+gzip`;
}

function asked({ format, level }: Compression): Encoding {
  if (format === "gzip") return gzip(level);
  return format === "zstd" ? { kind: "zstd", level: level ?? ZSTD_LEVEL } : { kind: "none" };
}

/** Level 0 of zlib is stored blocks too, but cut in ways that depend on its version. */
function gzip(level = GZIP_LEVEL): Encoding {
  return level === 0 ? { kind: "stored" } : { kind: "gzip", level };
}

/** No `promisify`: node:util takes 4 ms to load. */
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
  const encoding: Encoding = ratio > 1 - WORTHWHILE ? { kind: "stored" } : compressed;
  const percent = (100 * ratio).toFixed(1);
  return {
    encoding,
    reason: `${printEncoding(encoding)}: a sample of ${printBytes(sample.length)} compresses to ${percent} %`,
  };
}

function printEncoding(encoding: Encoding): string {
  return "level" in encoding ? `${encoding.kind} level ${encoding.level}` : encoding.kind;
}
