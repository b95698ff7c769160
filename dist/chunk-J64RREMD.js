const require = process.getBuiltinModule;
import {
  createHash
} from "./chunk-FVKZJ5J4.js";

// src/image/digest.ts
var DIGEST = /^sha256:[0-9a-f]{64}$/;
function isDigest(text) {
  return DIGEST.test(text);
}
function digestOf(content) {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
function hexOf(digest) {
  return digest.slice("sha256:".length);
}

export {
  isDigest,
  digestOf,
  hexOf
};
