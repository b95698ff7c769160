const require = process.getBuiltinModule;
import {
  createHash
} from "./chunk-X4LXKBUS.js";

// src/layers/file-digest.ts
async function fileDigest(file, files) {
  const hash = createHash("sha256");
  for await (const piece of files.pieces(file)) hash.update(piece);
  return `sha256:${hash.digest("hex")}`;
}

export {
  fileDigest
};
