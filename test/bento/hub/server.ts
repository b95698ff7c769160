import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, relative } from "node:path";
import { onTestFinished } from "vitest";
import { fixture } from "../fixtures.ts";

interface Asked {
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** Answers a request instead of the Hub. False lets the Hub answer. */
export type Trick = (request: Asked, response: ServerResponse) => boolean;

export interface FakeHub {
  /** e.g. `http://127.0.0.1:4711`. */
  readonly endpoint: string;
  readonly asked: Asked[];
  /** Tried in order before the Hub itself answers. */
  readonly tricks: Trick[];
}

interface Content {
  readonly path: string;
  readonly bytes: Buffer;
}

/**
 * A Hub on loopback; names in any case. Files that end in `.safetensors` or `.bin` are LFS.
 * @param root its repositories: `org/Name/COMMIT/…`, with the names of commits in `org/Name/refs.json`.
 */
export async function startHub(root = fixture("hub")): Promise<FakeHub> {
  const asked: Asked[] = [];
  const tricks: Trick[] = [];
  const server = createServer((request, response) => {
    const one = { path: request.url ?? "", range: request.headers.range, authorization: request.headers.authorization };
    asked.push(one);
    if (!tricks.some((trick) => trick(one, response))) void answer(root, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, tricks };
}

async function answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts = new URL(request.url ?? "", "http://hub").pathname.slice(1).split("/").map(decodeURIComponent);
  const [org = "", name = "", verb, revision = "", ...rest] = parts[0] === "api" ? parts.slice(2) : parts;
  const folder = await findRepository(root, org, name);
  const commit = folder && (await findCommit(folder, revision));
  if (!folder || !commit) return send(response, 404, "{}", { "x-error-message": "Repository not found" });
  const files = await contents(join(folder, commit));
  if (verb === "revision") return send(response, 200, JSON.stringify({ id: `${org}/${name}`, sha: commit }));
  if (verb === "tree") return send(response, 200, JSON.stringify(files.map(describe)));
  const file = files.find(({ path }) => path === rest.join("/"));
  return file === undefined ? send(response, 404, "") : sendRange(response, request.headers.range, file.bytes);
}

async function findRepository(root: string, org: string, name: string): Promise<string | undefined> {
  const folder = join(root, org.toLowerCase());
  const found = (await readdir(folder).catch(() => [])).find((one) => one.toLowerCase() === name.toLowerCase());
  return found && join(folder, found);
}

async function findCommit(folder: string, revision: string): Promise<string | undefined> {
  const refs = JSON.parse(await readFile(join(folder, "refs.json"), "utf8")) as Record<string, string>;
  return refs[revision] ?? (await readdir(folder)).find((one) => one === revision);
}

async function contents(folder: string): Promise<readonly Content[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (file) => ({ path: relative(folder, file), bytes: await readFile(file) })));
}

function describe({ path, bytes }: Content): unknown {
  const size = bytes.length;
  const oid = createHash("sha1").update(`blob ${size}\0`).update(bytes).digest("hex");
  const lfs = { oid: createHash("sha256").update(bytes).digest("hex"), size, pointerSize: 134 };
  return { type: "file", path, size, oid, ...(/\.(?:safetensors|bin)$/.test(path) ? { lfs } : {}) };
}

export function sendRange(response: ServerResponse, asked: string | undefined, bytes: Buffer): void {
  const start = Number(/^bytes=(\d+)-$/.exec(asked ?? "")?.[1] ?? 0);
  const range = { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
  send(response, start === 0 ? 200 : 206, bytes.subarray(start), start === 0 ? {} : range);
}

export function send(
  response: ServerResponse,
  status: number,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers }).end(body);
}
