/**
 * What a registry (distribution 2.8) was given, from its access log and its storage: nothing stands between it and who
 * pushes, so counting takes no time from anyone.
 */
import { glob, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

export interface Traffic {
  readonly requests: number;
  /** Of blobs and manifests that it took, each time it took them, and of uploads that were begun and left. */
  readonly bytes: number;
}

/** `"PUT /v2/… HTTP/1.1" 201` within a line of Apache's combined format. */
const REQUEST = /"([A-Z]+) (\/v2\/\S*) HTTP\/[\d.]+" (\d{3}) /g;
const CREATED = "201";
const STORAGE = "docker/registry/v2";

export async function readTraffic(log: string, data: string): Promise<Traffic> {
  const requests = [...(await readFile(log, "utf8")).matchAll(REQUEST)];
  const taken = requests.filter(([, method, , status]) => method === "PUT" && status === CREATED);
  const sizes = await Promise.all(taken.map(([, , target = ""]) => sizeOf(target, join(data, STORAGE))));
  const left = await Array.fromAsync(glob(join(data, STORAGE, "repositories/**/_uploads/*/data")), fileSize);
  return { requests: requests.length, bytes: [...sizes, ...left].reduce((sum, size) => sum + size, 0) };
}

/** Bytes of what a good PUT brought: a blob, or a manifest by tag or digest. */
async function sizeOf(target: string, storage: string): Promise<number> {
  const { pathname, searchParams } = new URL(target, "http://registry");
  const [, repository = "", reference = ""] = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(pathname) ?? [];
  const link = join(storage, "repositories", repository, "_manifests/tags", reference, "current/link");
  const digest = searchParams.get("digest") ?? (reference.includes(":") ? reference : await readFile(link, "utf8"));
  const hex = digest.slice(digest.indexOf(":") + 1);
  return fileSize(join(storage, "blobs/sha256", hex.slice(0, 2), hex, "data"));
}

async function fileSize(path: string): Promise<number> {
  return (await stat(path)).size;
}
