/** The lab's mirror of docker.io with a counter before it: what the action asks there is a request too. */
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Mirror extends Disposable {
  readonly host: string;
  /** Until now. */
  requests(): number;
}

export async function openMirror(registry: string): Promise<Mirror> {
  let requests = 0;
  const server = createServer((asked, answer) => {
    requests += 1;
    forward(registry, asked, answer);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    [Symbol.dispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function forward(registry: string, asked: IncomingMessage, answer: ServerResponse): void {
  const onward = request(`http://${registry}${asked.url ?? "/"}`, { method: asked.method, headers: asked.headers });
  onward.on("response", (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  onward.on("error", () => answer.writeHead(502).end());
  asked.pipe(onward);
}
