import { createHash } from "node:crypto";
import { sha256InName } from "../bento/blob-name.ts";
import { Failure } from "../errors.ts";
import type { Reading } from "./file-content.ts";
import type { LayerPlan } from "./layer.ts";

/**
 * Reads the files of a layer, and of those that a cache names by their SHA-256 nothing else. A cache may be shared, and
 * who writes to it decides what lies under a name.
 * @throws Failure `bento`, code `Damaged`, at the end of a file that has not the hash that is its name.
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
  throw new Failure("bento", `${path} does not have the hash that is its name: it is damaged, or was exchanged`, {
    code: "Damaged",
    hint: "Remove that file, and the next run downloads it anew. Ask who may write to that cache.",
  });
}
