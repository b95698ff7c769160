import type { ClientRequest, IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { HttpRequest } from "./machine.ts";

type Body = HttpRequest["body"];

export function isStreamed(body: Body): body is AsyncIterable<Uint8Array> {
  return body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array);
}

/**
 * Sends a body piece by piece and ends the request. A response before the last byte ends the body and then the connection,
 * which cannot be used for another request.
 * @returns when the body has ended, or the request has ended before it. Rejects with the body's error, which also ends the
 * request, even if all bytes have been sent: a body may fail at its end, when its hash is wrong.
 */
export function sendPieces(body: AsyncIterable<Uint8Array>, sent: ClientRequest): Promise<void> {
  let left = Number(sent.getHeader("content-length"));
  let over = false;
  let release = (): void => undefined;

  async function send(): Promise<void> {
    for await (const piece of body) {
      if (over || sent.destroyed) return;
      left -= piece.length;
      if (left < 0) throw new Error("the body is longer than its content-length");
      await new Promise<void>((resolve) => {
        release = resolve;
        sent.write(piece, (error) => {
          // After this error, further writes would fail so fast that the `close` event could not be handled.
          if (error) over = true;
          resolve();
        });
      });
      if (over || sent.destroyed) return;
    }
    if (left > 0) throw new Error("the body is shorter than its content-length");
    sent.end();
  }

  return new Promise((resolve, reject) => {
    function stop(): void {
      release();
      if (left === 0) return;
      over = true;
      resolve();
      // Its iterator might wait for further bytes forever.
      if (body instanceof Readable) body.destroy();
    }

    sent.once("close", stop);
    sent.once("response", (response: IncomingMessage) => {
      if (left !== 0) response.once("close", () => sent.destroy());
      stop();
    });
    send().then(resolve, (error: unknown) => {
      if (over) return;
      sent.destroy(error instanceof Error ? error : new Error(String(error)));
      reject(error);
    });
  });
}
