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
} from "./chunk-VLUE4HU6.js";
import "./chunk-4VYR3FMV.js";
import {
  createHash
} from "./chunk-X4LXKBUS.js";
import "./chunk-ZDX6KC25.js";

// src/assembly/stream-layer.ts
async function streamLayer(job, compression, send, machine) {
  const { plan } = job;
  const { encoding } = await chooseEncoding(plan, compression, machine.files.enclosed);
  const size = blobSize(plan, encoding);
  if (size === void 0) throw new Error(`${plan.title}: the size of a layer to stream must be known`);
  const { streamFile } = await import("./stream-IQYDS2SS.js");
  const reading = {
    ...machine.files.enclosed,
    remote: (file) => streamFile(file, machine)
  };
  let diffId;
  const open = async () => hashedBlob(plan, encoding, reading, (found) => {
    diffId = found;
  });
  machine.actions.info(`${plan.title}: streaming ${size} bytes from the Hub to the registry`);
  const { digest } = await send({ size, open }, machine.signal);
  if (diffId === void 0) throw new Error(`${plan.title}: the upload ended before all bytes were sent`);
  return {
    ...describeLayer(job, { mediaType: mediaTypeOf(encoding), diffId, digest, size }),
    origin: "streamed",
    reason: "",
    open: async () => blobOf(plan, encoding, reading)
  };
}
async function* hashedBlob(plan, encoding, reading, onDiffId) {
  const tar = createHash("sha256");
  yield* encode(updating(tar, tarOf(plan, reading)), tarSize(plan), encoding);
  onDiffId(`sha256:${tar.digest("hex")}`);
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
