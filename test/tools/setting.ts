/** A machine with an empty tool cache, a server instead of mirror and releases, and fake programs. */
import { createHash } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import { realHttp } from "../../src/machine/http.ts";
import type { Env } from "../../src/machine/machine.ts";
import { realToolCache } from "../../src/machine/tool-cache.ts";
import type { Asset } from "../../src/tools/choose.ts";
import { makeTar } from "../bento/archive/making.ts";
import { makeSetting } from "../bento/setting.ts";

export const FAST_RETRIES = { tries: 5, firstDelay: 1, longestWait: 2_000 };

/** An ELF header for a machine number (e_machine), followed by some content. */
export function elf(machineNumber: number, content = "program"): string {
  const head = Buffer.alloc(64);
  head.write("\x7fELF", "latin1");
  head.set([2, 1, 1], 4);
  head.writeUInt16LE(2, 16);
  head.writeUInt16LE(machineNumber, 18);
  // makeTar writes text: all bytes are below 0x80 except those of the machine, which are 62 or 183.
  return head.toString("latin1") + content;
}

export const X64 = 62;
export const ARM = 40;

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A small archive with the layout of a buildkit release. */
export function buildkitArchive(machineNumber = X64, content = "program"): Buffer {
  return gzipSync(
    makeTar(
      { path: "bin/", type: "Directory", mode: 0o755 },
      { path: "bin/buildctl", mode: 0o755, content: elf(machineNumber, content) },
      { path: "bin/buildkitd", mode: 0o755, content: elf(machineNumber, content) },
      { path: "bin/README", content: "not a program" },
      { path: "share/doc", mode: 0o755, content: "#!/bin/sh\n" },
    ),
  );
}

export const BUILDKIT_FILE = "buildkit-v9.9.9.linux-amd64.tar.gz";
export const BUILDKIT_PATH = `moby/buildkit/releases/download/v9.9.9/${BUILDKIT_FILE}`;

export function buildkit(archive: Uint8Array, change: Partial<Asset> = {}): Asset {
  return {
    tool: "buildkit",
    version: "9.9.9",
    architecture: "x64",
    file: BUILDKIT_FILE,
    path: BUILDKIT_PATH,
    sha256: sha256(archive),
    isRequested: false,
    ...change,
  };
}

export interface Mirror {
  /** e.g. `http://127.0.0.1:4711`. */
  readonly url: string;
  /** Requested paths, in order. */
  readonly requests: string[];
}

export async function startMirror(answer: RequestListener): Promise<Mirror> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** Serves the archive under the path of buildkit's release, and nothing else. */
export function serving(archive: Uint8Array): RequestListener {
  return ({ url }, response) => {
    if (url?.endsWith(BUILDKIT_PATH)) response.writeHead(200, { "content-length": archive.length }).end(archive);
    else response.writeHead(404).end();
  };
}

export async function setUp(env: Env = {}) {
  const setting = await makeSetting();
  const cache = join(setting.root, "cache");
  await mkdir(cache);
  const abort = new AbortController();
  const http = realHttp({ env, signal: abort.signal });
  onTestFinished(() => http.close());
  const machine = {
    ...setting.machine,
    http,
    signal: abort.signal,
    architecture: "x64",
    toolCache: realToolCache({ RUNNER_TOOL_CACHE: cache }),
  };
  /** The files in the tool cache and the scratch directory. */
  const remaining = async (): Promise<readonly string[]> => {
    const below = async (root: string) => {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => !entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
    };
    return [...(await below(cache)), ...(await below(setting.temporary))].map((path) =>
      path.slice(setting.root.length + 1),
    );
  };
  return { setting, machine, cache, abort, remaining };
}
