/** A proxy before a registry for connections that do not break and do not go on. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface StallingProxy {
  /** `127.0.0.1:port`, to be used in place of the registry. */
  readonly host: string;
  /** Fulfilled when the first connection has stalled. */
  readonly stalled: Promise<void>;
  close(): Promise<void>;
}

/** @param afterBytes what a connection may send before nothing more of it is passed on. */
export async function openStallingProxy(registry: string, afterBytes: number): Promise<StallingProxy> {
  const { promise: stalled, resolve: stall } = Promise.withResolvers<void>();
  const sockets = new Set<Socket>();
  const [host = "", port = ""] = registry.split(":");

  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
    let left = afterBytes;
    client.on("data", (bytes) => {
      left -= bytes.length;
      if (left >= 0) upstream.write(bytes);
      else stall();
    });
    client.on("close", () => upstream.destroy());
    upstream.pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    stalled,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
