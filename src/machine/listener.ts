import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Listener, ServedAnswer, ServedRequest } from "./machine.ts";

/** Only this machine can reach it. */
const LOOPBACK = "127.0.0.1";

/** See {@link Machine.listen}. */
export async function listen(answer: (request: ServedRequest) => Promise<ServedAnswer>): Promise<Listener> {
  const { createServer } = await import("node:http");
  const server = createServer((request, response) => {
    respond(request, response, answer).catch((error: unknown) => {
      // The client sees a body that is shorter than announced; why, the one who answers knows.
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, LOOPBACK, resolve);
  });
  // Of type AddressInfo for every server that listens at a port. Source: https://nodejs.org/api/net.html#serveraddress
  const { port } = server.address() as AddressInfo;
  return {
    host: `${LOOPBACK}:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: ServedRequest) => Promise<ServedAnswer>,
): Promise<void> {
  const { method = "", url: path = "", headers } = request;
  request.resume();
  const { authorization } = headers;
  const { status, headers: own = {}, body } = await answer({ method, path, authorization });
  response.writeHead(status, own);
  if (body !== undefined && method !== "HEAD") await send(body, response);
  response.end();
}

/** Piece by piece: the next one is requested when the last has been passed to the kernel, as pieces may share a buffer. */
async function send(body: AsyncIterable<Uint8Array>, response: ServerResponse): Promise<void> {
  const closed = new Promise<void>((resolve) => response.once("close", resolve));
  for await (const piece of body) {
    await Promise.race([closed, new Promise<void>((written) => response.write(piece, () => written()))]);
    if (response.destroyed) return;
  }
}
