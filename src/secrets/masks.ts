import { isUtf8 } from "node:buffer";
import type { Secret } from "./secret.ts";

/**
 * The fewest characters of a mask. The runner replaces a mask wherever it occurs in the log, and drops each job output
 * that contains it: `4` would be in nearly every line and in every digest. It masks parts of secrets by the same limit.
 * @see https://github.com/actions/runner/blob/v2.336.0/src/Runner.Worker/JobExtension.cs "Skip output"
 * @see https://github.com/actions/runner/blob/v2.336.0/src/Sdk/DTLogging/Logging/ValueEncoders.cs "Don't mask short secrets"
 */
export const SHORTEST_MASK = 6;

/**
 * What the runner must hide so that the secret is in no line of the log: the lines of the text that are long enough, and
 * where it has several lines, or is no text, its Base64 form. The runner itself hides encoded forms of each mask (Base64,
 * JSON, URI). It is never told the whole of several lines, because it would make a mask of each line of it, `{` too.
 * @returns nothing for a text that is too short.
 * @see https://github.com/actions/runner/blob/v2.336.0/src/Runner.Worker/ActionCommandManager.cs AddMaskCommandExtension
 */
export function masksOf(secret: Secret): readonly string[] {
  const bytes = secret.revealBytes();
  const lines = isUtf8(bytes) ? linesOf(secret.reveal()) : [];
  const masks = lines.length === 1 ? lines : [...lines, base64Start(bytes)];
  return [...new Set(masks)].filter((mask) => mask.length >= SHORTEST_MASK);
}

/** As the runner splits them. */
function linesOf(text: string): readonly string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** All but the end, which depends on whether the last line has one. */
function base64Start(bytes: Uint8Array): string {
  const length = Buffer.from(bytes).toString("latin1").trimEnd().length;
  return Buffer.from(bytes.subarray(0, length - (length % 3))).toString("base64");
}
