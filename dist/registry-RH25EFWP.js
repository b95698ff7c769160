const require = process.getBuiltinModule;
import {
  damaged,
  describe,
  imageOf,
  indexTypeOf,
  openLayout,
  openRegistries,
  parseLayoutIndex,
  parseManifest,
  printIndex,
  printLayoutIndex,
  repositoryContent,
  resolve,
  transfer,
  verify
} from "./chunk-LIFKLJS7.js";
import "./chunk-6EAK6YUK.js";
import {
  readTar
} from "./chunk-WG3CPRCG.js";
import "./chunk-E3U6JMMS.js";
import "./chunk-CDAP7TIF.js";
import {
  digestOf,
  hexOf,
  repositoryOf,
  withDigest
} from "./chunk-X4LXKBUS.js";
import "./chunk-ZDX6KC25.js";

// src/layout/adopt-directory.ts
import { join } from "node:path/posix";
async function adoptDirectory(directory, layout, name, files) {
  const bytes = await files.readBytes(join(directory, "manifest.json"));
  const { kind, mediaType } = parseManifest(bytes, void 0, join(directory, "manifest.json"));
  if (kind === "index") throw damaged(`${directory} holds a list where one image was expected.`);
  const blobs = join(layout, "blobs/sha256");
  await files.makeDirectory(blobs, 493);
  for (const { name: file } of await files.list(directory)) {
    if (/^[0-9a-f]{64}$/.test(file)) await files.rename(join(directory, file), join(blobs, file));
  }
  const digest = digestOf(bytes);
  await files.write(join(blobs, hexOf(digest)), bytes, 420);
  const index = join(layout, "index.json");
  const others = await files.info(index) === void 0 ? [] : parseLayoutIndex(await files.readBytes(index), index);
  const image = { mediaType, digest, size: bytes.length, annotations: {} };
  await files.write(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }), 420);
  await files.write(index, printLayoutIndex(image, name, others), 420);
}

// src/layout/archive.ts
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
var DOCUMENT_LIMIT = 4 * 1024 * 1024;
var MEMORY_LIMIT = 64 * 1024 * 1024;
var BRACE = "{".charCodeAt(0);
async function openArchive(files, path) {
  const documents = await readDocuments(files.source(path), path);
  const index = documents.get("index.json");
  if (index === void 0) throw damaged(`${path} is no OCI archive: it has no index.json.`);
  const blobs = new Map([...documents.values()].map((bytes) => [digestOf(bytes), bytes]));
  function document(digest) {
    const bytes = blobs.get(digest);
    if (bytes === void 0) throw damaged(`The OCI archive ${path} lacks ${digest}.`);
    return bytes;
  }
  return {
    place: path,
    images: parseLayoutIndex(index, path),
    document: async ({ digest }) => document(digest),
    blob: async ({ digest }) => Readable.from([document(digest)])
  };
}
async function readDocuments(source, path) {
  const documents = /* @__PURE__ */ new Map();
  let total = 0;
  try {
    for await (const { path: name, size, content } of readTar(source)) {
      if (size > DOCUMENT_LIMIT || total > MEMORY_LIMIT) continue;
      const bytes = await buffer(content);
      if (bytes[0] !== BRACE) continue;
      total += bytes.length;
      documents.set(name.replace(/^\.\//, ""), bytes);
    }
  } catch (cause) {
    throw damaged(`${path} cannot be read as a tar file: ${cause instanceof Error ? cause.message : cause}.`);
  }
  return documents;
}

// src/layout/join-layout.ts
import { join as join2 } from "node:path/posix";
async function joinLayout(directory, members, name, files) {
  const layout = await openLayout(files, directory);
  const images = members.map((member) => {
    const { mediaType, digest: digest2, size } = imageOf(layout, member.name);
    return { mediaType, digest: digest2, size, platform: member.platform };
  });
  const bytes = printIndex(images);
  const digest = digestOf(bytes);
  await files.write(join2(directory, "blobs/sha256", hexOf(digest)), bytes, 420);
  const root = { mediaType: indexTypeOf(images), digest, size: bytes.length, annotations: {} };
  await files.write(join2(directory, "index.json"), printLayoutIndex(root, name), 420);
}

// src/registry/registry.ts
function openRegistry(machine, options = {}) {
  const registries = openRegistries(machine, options);
  return {
    resolve: (reference) => resolve(registries, reference),
    async describe(reference) {
      const root = await resolve(registries, reference);
      return describe(repositoryContent(registries, repositoryOf(reference), root), root);
    },
    async describeLayout(directory, name) {
      const layout = await openLayout(machine.files, directory);
      return describe(layout, imageOf(layout, name));
    },
    async describeArchive(file, name) {
      const archive = await openArchive(machine.files, file);
      return describe(archive, imageOf(archive, name));
    },
    async pushLayout(directory, to) {
      const layout = await openLayout(machine.files, directory);
      machine.actions.info(printTransfer(await transfer(registries, layout, imageOf(layout), to)));
    },
    async pushLayoutByDigest(directory, to) {
      const layout = await openLayout(machine.files, directory);
      const root = imageOf(layout);
      const references = to.map((repository) => withDigest(repository, root.digest));
      machine.actions.info(printTransfer(await transfer(registries, layout, root, references)));
    },
    adoptDirectory: (directory, layout, name) => adoptDirectory(directory, layout, name, machine.files),
    joinLayout: (directory, members, name) => joinLayout(directory, members, name, machine.files),
    async copy(from, to) {
      const root = await resolve(registries, from);
      const content = repositoryContent(registries, repositoryOf(from), root);
      machine.actions.info(printTransfer(await transfer(registries, content, root, to)));
    },
    verify: (references, expected) => verify(registries, references, expected)
  };
}
function printTransfer({ arrivals, uploadedBytes }) {
  const { uploaded, mounted, present } = arrivals;
  return `Blobs: ${uploaded} uploaded (${uploadedBytes} bytes), ${mounted} mounted, ${present} already there.`;
}
export {
  openRegistry
};
