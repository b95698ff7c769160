import { isUtf8 } from "node:buffer";
import { SHORTEST_MASK } from "../machine/hide.ts";
import type { Secret } from "./secret.ts";

/**
 * The masks for the runner that hide a secret in the log: each line of the text that is long enough and, if it has several
 * lines or is not text, its Base64 form. The runner also hides encoded forms of each mask (Base64, JSON, URI). A text of
 * several lines is never passed as one mask, because the runner would mask each of its lines, even `{`.
 * @returns an empty list for a text that is too short.
 * @see https://github.com/actions/runner/blob/v2.336.0/src/Runner.Worker/ActionCommandManager.cs AddMaskCommandExtension
 */
export function masksOf(secret: Secret): readonly string[] {
  const bytes = secret.revealBytes();
  const lines = isUtf8(bytes) ? linesOf(secret.reveal()) : [];
  const masks = lines.length === 1 ? lines : [...lines, base64Start(bytes)];
  return [...new Set(masks)].filter((mask) => mask.length >= SHORTEST_MASK);
}

/** Splits lines as the runner does. */
function linesOf(text: string): readonly string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The Base64 form without its end, which depends on a trailing line break. */
function base64Start(bytes: Uint8Array): string {
  const length = Buffer.from(bytes).toString("latin1").trimEnd().length;
  return Buffer.from(bytes.subarray(0, length - (length % 3))).toString("base64");
}
