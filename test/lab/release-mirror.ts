/** A mirror of releases on loopback: what it was asked for, and what it may answer instead. */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** Answers in the file's place, or leaves it to the mirror by giving false. */
export type Mishap = (response: ServerResponse, path: string) => boolean;

export interface Mirror {
  readonly url: string;
  /** Names of files that it gave, in the order of asking. */
  readonly given: string[];
  /** Names of files that were asked for, each time they were. */
  readonly asked: string[];
  mishap: Mishap | undefined;
  close(): Promise<void>;
}

/** @param directory flat. */
export async function openMirror(directory: string): Promise<Mirror> {
  const server = createServer(({ url = "" }, response) => {
    const name = decodeURIComponent(url.slice(url.lastIndexOf("/") + 1));
    const path = join(directory, name);
    // As a proxy gets the whole address, and the mirror is laid out flat.
    if (/releases\/download/.test(url)) return void response.writeHead(404).end();
    mirror.asked.push(name);
    if (mirror.mishap?.(response, path) === true) return;
    if (!existsSync(path)) return void response.writeHead(404).end();
    mirror.given.push(name);
    response.writeHead(200, { "content-length": statSync(path).size });
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const mirror: Mirror = {
    url: `http://127.0.0.1:${port}`,
    given: [],
    asked: [],
    mishap: undefined,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return mirror;
}
