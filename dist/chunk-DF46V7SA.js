const require = process.getBuiltinModule;
import {
  Failure
} from "./chunk-5E5L6I3A.js";

// src/bento/archive/decompress.ts
import { PassThrough, pipeline, Readable } from "node:stream";
async function decompress(source, format) {
  switch (format) {
    case "gzip":
    case "zstd": {
      const { createGunzip, createZstdDecompress } = await import("node:zlib");
      return pipeline(source, format === "gzip" ? createGunzip() : createZstdDecompress(), () => void 0);
    }
    case "xz": {
      const { XzReadableStream } = (await import("./xz-decompress-BCMWNCQV.js")).default;
      return Readable.fromWeb(new XzReadableStream(Readable.toWeb(source)));
    }
    case "bzip2": {
      const { default: unbzip2 } = await import("./unbzip2-stream-BZNS43CZ.js");
      const filter = unbzip2();
      const plain = new PassThrough();
      for (const stream of [source, filter]) stream.once("error", (error) => plain.destroy(error));
      return source.pipe(filter).pipe(plain);
    }
  }
}

// src/bento/archive/unsafe.ts
function unsafe(name, fault) {
  return new Failure("bento", `The archive's member ${name} ${fault}`, {
    code: "UnsafePath",
    hint: "No BentoML writes such an archive: do not trust where it came from."
  });
}

// src/bento/archive/tar.ts
var IRREGULAR = /* @__PURE__ */ new Set(["CharacterDevice", "BlockDevice", "FIFO"]);
var FILES = /* @__PURE__ */ new Set(["File", "OldFile", "ContiguousFile"]);
var END_LENGTH = 1024;
async function unpackTar(bytes, tree) {
  const { Parser } = await import("./parse-CRCPSH5Q.js");
  const parser = new Parser({ strict: true, maxDecompressionRatio: Number.POSITIVE_INFINITY });
  const unpacking = new Unpacking(parser, tree);
  try {
    let end = new Uint8Array();
    for await (const chunk of bytes) {
      await unpacking.feed(chunk);
      end = Buffer.concat([end, chunk.subarray(-END_LENGTH)]).subarray(-END_LENGTH);
    }
    await unpacking.finish();
    if (end.some((byte) => byte !== 0)) throw new Error("it does not end where its last member ends");
  } catch (error) {
    await unpacking.stop(error);
    throw error;
  }
}
var Unpacking = class {
  #parser;
  #ended;
  #work = Promise.resolve();
  #current;
  #failure;
  #wake = () => void 0;
  constructor(parser, tree) {
    this.#parser = parser;
    parser.on("error", (error) => this.#fail(error));
    parser.on("drain", () => this.#wake());
    this.#ended = new Promise((resolve) => void parser.on("end", resolve));
    parser.on("entry", (entry) => {
      this.#work = this.#work.then(() => this.#add(entry, tree));
      this.#work.catch((error) => this.#fail(error));
    });
  }
  async feed(chunk) {
    if (!this.#parser.write(chunk) && this.#failure === void 0) {
      await new Promise((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== void 0) throw this.#failure.error;
  }
  async finish() {
    this.#parser.end();
    await Promise.race([this.#ended, new Promise((resolve) => this.#onFailure(resolve))]);
    if (this.#failure !== void 0) throw this.#failure.error;
    await this.#work;
  }
  /** Resolves when the member that was being written has let go of its file. */
  async stop(error) {
    this.#fail(error);
    this.#current?.destroy(error instanceof Error ? error : new Error(String(error)));
    await this.#work.catch(() => void 0);
  }
  async #add(entry, tree) {
    if (this.#failure !== void 0) return;
    this.#current = entry;
    await addMember(entry, tree);
    this.#current = void 0;
    entry.resume();
  }
  #onFailure(resolve) {
    this.#wake = resolve;
    if (this.#failure !== void 0) resolve();
  }
  #fail(error) {
    this.#failure ??= { error };
    this.#wake();
  }
};
async function addMember(entry, tree) {
  const { path, type } = entry;
  if (FILES.has(type)) {
    await tree.addFile(path, ((entry.mode ?? 0) & 73) !== 0, entry);
  } else if (type === "Directory" || type === "GNUDumpDir") {
    await tree.addDirectory(path);
  } else if (type === "SymbolicLink") {
    await tree.addLink(path, entry.linkpath ?? "");
  } else if (type === "Link") {
    await tree.addHardLink(path, entry.linkpath ?? "");
  } else if (IRREGULAR.has(type)) {
    throw unsafe(path, "is no file, directory or link");
  } else {
    throw new Failure("bento", `The archive's member ${path} is of the type ${type}, which is not supported`, {
      code: "ArchiveCorrupt"
    });
  }
}

// src/bento/archive/names.ts
function memberPath(name, maxBytes) {
  if (name.startsWith("/")) throw unsafe(name, "has an absolute name");
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw unsafe(name, "climbs out of the archive");
  if (name.includes("\0") || name.includes("\uFFFD") || Buffer.byteLength(name) > maxBytes) {
    const shown = JSON.stringify(name.slice(0, 100));
    throw new Failure("bento", `The archive's member ${shown} has a name that is too long or not UTF-8`, {
      code: "ArchiveCorrupt"
    });
  }
  return parts.join("/");
}

export {
  decompress,
  unsafe,
  unpackTar,
  memberPath
};
