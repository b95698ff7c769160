const require = process.getBuiltinModule;
import {
  createHash
} from "./chunk-JGF2PNCH.js";

// src/assembly/file-digest.ts
async function fileDigest(path, files) {
  const hash = createHash("sha256");
  for await (const piece of files.pieces(path)) hash.update(piece);
  return `sha256:${hash.digest("hex")}`;
}

export {
  fileDigest
};
