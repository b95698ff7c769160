import { createServer } from "node:net";

/** A loopback TCP port nobody listens on: the wished-for one if it is free, else any. */
export async function freePort(wish = 0): Promise<number> {
  const server = createServer();
  const listening = await new Promise<boolean>((settle) => {
    server.once("error", () => settle(false));
    server.listen(wish, "127.0.0.1", () => settle(true));
  });
  if (!listening) return freePort();
  const address = server.address();
  await new Promise((settle) => server.close(settle));
  if (address === null || typeof address === "string") throw new Error("a TCP server without a port");
  return address.port;
}
