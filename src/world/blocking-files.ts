import { closeSync, lstatSync, openSync, readSync } from "node:fs";
import { infoFrom, isMissing } from "./file-info.ts";
import type { Files } from "./world.ts";

const PIECE = 1 << 20;

/**
 * Files for a thread that has nothing else to do: it waits for each call. That takes a quarter of the time when they
 * are small.
 */
export function blockingFiles(): Pick<Files, "info" | "pieces"> {
  const spare: Buffer[] = [];
  return {
    async info(path) {
      try {
        return infoFrom(lstatSync(path));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async *pieces(path) {
      const file = openSync(path, "r");
      const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(PIECE);
      try {
        for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) yield buffer.subarray(0, read);
      } finally {
        spare.push(buffer);
        closeSync(file);
      }
    },
  };
}
