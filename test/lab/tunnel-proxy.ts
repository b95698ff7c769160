/** A proxy for HTTPS, and behind it the one server that every name leads to. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Server, type Socket } from "node:net";
import type { Certificate } from "./certificates.ts";

export interface TunnelProxy {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** `host:port` of each tunnel that was asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** @param answer the port that tunnels lead to, or the status line with which they are refused. */
export async function openTunnelProxy(answer: number | string): Promise<TunnelProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer().on("connect", ({ url = "" }, client: Socket) => {
    asked.push(url);
    if (typeof answer === "string") return void client.end(`HTTP/1.1 ${answer}\r\n\r\n`);
    const upstream = connect(answer, "127.0.0.1", () => client.write("HTTP/1.1 200 Connection established\r\n\r\n"));
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
    client.pipe(upstream).pipe(client);
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy();
      await closed(server);
    },
  };
}

export interface TlsServer {
  readonly port: number;
  /** `host/path` of each request. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** @param give bytes for the path, or undefined for 404. */
export async function openTlsServer(
  { cert, key }: Certificate,
  give: (path: string) => Promise<Uint8Array | undefined>,
): Promise<TlsServer> {
  const asked: string[] = [];
  const options = { cert: await readFile(cert), key: await readFile(key) };
  const server = createTlsServer(options, ({ headers, url = "" }, response) => {
    asked.push(`${headers.host}${url}`);
    void give(url).then((bytes) => {
      if (bytes === undefined) response.writeHead(404).end();
      else response.end(bytes);
    });
  });
  const port = await listening(server);
  return {
    port,
    asked,
    async close() {
      server.closeAllConnections();
      await closed(server);
    },
  };
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function closed(server: Server): Promise<void> {
  server.close();
  await once(server, "close");
}
