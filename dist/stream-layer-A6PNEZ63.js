const require = process.getBuiltinModule;
import {
  blobOf,
  blobSize,
  chooseEncoding,
  describeLayer,
  encode,
  mediaTypeOf,
  tarOf,
  tarSize
} from "./chunk-2YVNXTOC.js";
import "./chunk-4VYR3FMV.js";
import {
  createHash
} from "./chunk-FTZLIIWB.js";
import "./chunk-ZDX6KC25.js";

// src/assembly/stream-layer.ts
async function streamLayer(job, compression, send, world) {
  const { plan } = job;
  const { encoding } = await chooseEncoding(plan, compression, world.files.enclosed);
  const size = blobSize(plan, encoding);
  if (size === void 0) throw new Error(`${plan.title}: nobody knows how many bytes it will have`);
  const { streamFile } = await import("./stream-WKSDVDML.js");
  const reading = {
    ...world.files.enclosed,
    remote: (file) => streamFile(file, world)
  };
  let diffId;
  const open = async () => passing(plan, encoding, reading, (found) => {
    diffId = found;
  });
  world.actions.info(`${plan.title}: from the Hub to the registry, ${size} bytes`);
  const { digest } = await send({ size, open }, world.signal);
  if (diffId === void 0) throw new Error(`${plan.title} was taken before all of it was sent`);
  return {
    ...describeLayer(job, { mediaType: mediaTypeOf(encoding), diffId, digest, size }),
    origin: "streamed",
    reason: "",
    open: async () => blobOf(plan, encoding, reading)
  };
}
async function* passing(plan, encoding, reading, told) {
  const tar = createHash("sha256");
  yield* encode(updating(tar, tarOf(plan, reading)), tarSize(plan), encoding);
  told(`sha256:${tar.digest("hex")}`);
}
async function* updating(hash, pieces) {
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}
export {
  streamLayer
};
