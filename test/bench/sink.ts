/** A registry on loopback that throws layers away, so that pushing them costs nothing but the pushing. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { digestOf } from "../../src/oci/digest.ts";
import { OCI_MANIFEST } from "../../src/oci/media-types.ts";

export interface Sink {
  readonly host: string;
  close(): void;
}

/** What is no bigger is a manifest or a config, which the action reads back. */
const KEPT_BYTES = 1 << 20;

export async function openSink(): Promise<Sink> {
  const kept = new Map<string, Buffer>();
  const server = createServer((request, response) => void answer(request, response, kept));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Keeps documents under their digest and, manifests, under their tag. */
async function answer(request: IncomingMessage, response: ServerResponse, kept: Map<string, Buffer>): Promise<void> {
  const { method, url = "" } = request;
  if (method === "POST") return end(response.writeHead(202, { location: `${url}session` }));
  if (method === "PUT") {
    const bytes = await receive(request);
    if (bytes !== undefined) {
      kept.set(digestOf(bytes), bytes);
      if (url.includes("/manifests/")) kept.set(lastOf(url), bytes);
    }
    return end(response.writeHead(201));
  }
  const found = kept.get(lastOf(url));
  if (found === undefined) return end(response.writeHead(404));
  response.writeHead(200, { "content-type": OCI_MANIFEST, "content-length": found.length });
  response.end(method === "HEAD" ? undefined : found);
}

function end(response: ServerResponse): void {
  response.end();
}

function lastOf(url: string): string {
  return url.split("/").at(-1) ?? "";
}

/** The bytes of a document; undefined of a layer, when all of it has come. */
async function receive(request: IncomingMessage): Promise<Buffer | undefined> {
  const keep = Number(request.headers["content-length"]) <= KEPT_BYTES;
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (keep) chunks.push(chunk);
  return keep ? Buffer.concat(chunks) : undefined;
}
