const require = process.getBuiltinModule;
import {
  readTar
} from "./chunk-WG3CPRCG.js";
import {
  Failure
} from "./chunk-X4LXKBUS.js";

// src/bento/archive/decompress.ts
import { pipeline, Readable } from "node:stream";
async function decompress(source, format, machine) {
  switch (format) {
    case "gzip":
      return gunzip(source);
    case "zstd": {
      const { createZstdDecompress } = await import("node:zlib");
      return pipeline(source, createZstdDecompress(), () => void 0);
    }
    case "xz": {
      const { XzReadableStream } = (await import("./xz-decompress-BCMWNCQV.js")).default;
      return Readable.fromWeb(new XzReadableStream(Readable.toWeb(source)));
    }
    case "bzip2":
      return bunzip2(source, machine);
  }
}
async function gunzip(source) {
  const { createGunzip } = await import("node:zlib");
  return pipeline(source, createGunzip(), () => void 0);
}
async function bunzip2(source, { env, filter, processes }) {
  if (await processes.which("bzip2") === void 0) {
    throw new Failure("tool", "The archive is packed with bzip2, and there is no program bzip2 on PATH to unpack it", {
      code: "ToolMissing",
      hint: "Install it in a step before this one (`apt-get install bzip2`), or pack the Bento with xz or gzip."
    });
  }
  return filter({ tool: "bzip2", args: ["-dc"], env: { PATH: env["PATH"] } }, source);
}

// src/bento/archive/unsafe.ts
function unsafe(name, fault) {
  return new Failure("bento", `The archive's member ${name} ${fault}`, {
    code: "UnsafePath",
    hint: "No BentoML writes such an archive: do not trust where it came from."
  });
}

// src/bento/archive/tar.ts
async function unpackTar(bytes, tree) {
  for await (const member of readTar(bytes)) await addMember(member, tree);
}
function addMember({ path, kind, size, mode, target, content }, tree) {
  switch (kind) {
    case "file":
      return tree.addFile(path, (mode & 73) !== 0, content, size);
    case "directory":
      return tree.addDirectory(path);
    case "link":
      return tree.addLink(path, target);
    case "hard link":
      return tree.addHardLink(path, target);
    case "irregular":
      throw unsafe(path, "is no file, directory or link");
  }
}

// src/bento/archive/names.ts
function memberPath(name, maxBytes) {
  if (Buffer.byteLength(name) > maxBytes) throw unusable(name);
  if (name.startsWith("/")) throw unsafe(name, "has an absolute name");
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw unsafe(name, "climbs out of the archive");
  if (name.includes("\0") || name.includes("\uFFFD")) throw unusable(name);
  return parts.join("/");
}
function unusable(name) {
  const shown = JSON.stringify(name.slice(0, 100));
  return new Failure("bento", `The archive's member ${shown} has a name that is too long or not UTF-8`, {
    code: "ArchiveCorrupt"
  });
}

export {
  decompress,
  gunzip,
  unsafe,
  unpackTar,
  memberPath
};
