const require = process.getBuiltinModule;
import {
  EachFile,
  blobOf,
  blobSize,
  chooseEncoding,
  describeLayer,
  encode,
  filesOf,
  setFrom,
  tarOf,
  tarSize
} from "./chunk-RGJAXKLR.js";
import "./chunk-4VYR3FMV.js";
import {
  createHash
} from "./chunk-JGF2PNCH.js";
import "./chunk-ZDX6KC25.js";

// src/assembly/stream-layer.ts
async function streamLayer(job, compression, send, world) {
  const { plan } = job;
  const { encoding } = await chooseEncoding(plan, compression, world.files);
  const size = blobSize(plan, encoding);
  if (size === void 0) throw new Error(`${plan.title}: nobody knows how many bytes it will have`);
  const { streamFile } = await import("./stream-YRJ37Y7Y.js");
  const reading = {
    info: (path) => world.files.info(path),
    pieces: (path) => world.files.pieces(path),
    remote: (file) => streamFile(file, world)
  };
  let hashes;
  const open = async () => passing(plan, encoding, reading, (found) => {
    hashes = found;
  });
  world.actions.info(`${plan.title}: from the Hub to the registry, ${size} bytes`);
  const { digest } = await send({ size, open }, world.signal);
  if (hashes === void 0) throw new Error(`${plan.title} was taken before all of it was sent`);
  return {
    ...describeLayer(job, encoding, { ...hashes, digest, size }),
    origin: "streamed",
    reason: "",
    open: async () => blobOf(plan, encoding, reading)
  };
}
async function* passing(plan, encoding, reading, told) {
  const each = new EachFile();
  const tar = createHash("sha256");
  const onContent = (entry, piece) => {
    if (entry.source.kind !== "remote") each.update(entry, piece);
  };
  yield* encode(updating(tar, tarOf(plan, reading, onContent)), tarSize(plan), encoding);
  const files = filesOf(plan);
  const hashes = files.map((entry) => entry.source.kind === "remote" ? entry.source.file.sha256 : each.hashOf(entry));
  told({ diffId: `sha256:${tar.digest("hex")}`, set: setFrom(files, hashes) });
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
