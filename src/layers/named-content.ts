import { createHash } from "node:crypto";
import { sha256InName } from "../bento/blob-name.ts";
import { Failure } from "../errors.ts";
import type { Reading } from "./file-content.ts";
import type { LayerPlan } from "./layer.ts";

/**
 * Reads the files of a layer, and verifies those that a Hugging Face cache names by their SHA-256. A cache may be shared,
 * and everybody who can write to it could replace a file.
 * @throws Failure `bento`, code `Damaged`, at the end of a file whose SHA-256 is not its name.
 */
export function checkNames({ fromCache }: LayerPlan, files: Reading): Reading {
  if (fromCache !== true) return files;
  return {
    ...files,
    pieces(file) {
      const sha256 = sha256InName(file.path);
      return sha256 === undefined ? files.pieces(file) : checked(file.path, sha256, files.pieces(file));
    },
  };
}

async function* checked(path: string, sha256: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest("hex") === sha256) return;
  throw new Failure("bento", `${path}: the SHA-256 of the file is not its name, so it is damaged or was replaced`, {
    code: "Damaged",
    hint: "Remove the file; the next run downloads it again. Check who can write to this cache.",
  });
}
