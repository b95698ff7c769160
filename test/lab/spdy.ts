/** The part of SPDY/3.1 that `kubectl exec` and buildx speak. Source: https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/ */
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { constants, createDeflate, createInflate } from "node:zlib";

/** A stream that the other side opened. */
export interface SpdyStream {
  readonly id: number;
  readonly headers: Readonly<Record<string, string>>;
}

export interface SpdyServer {
  /** Resolves when the other side can take more. `last` ends this side of the stream. */
  send(stream: SpdyStream, data: Uint8Array, last?: "last"): Promise<void>;
}

export interface SpdyEvents {
  onStream(stream: SpdyStream): void;
  /** Empty and last when the other side ends its half. */
  onData(id: number, data: Uint8Array, isLast: boolean): void;
}

const SYN_STREAM = 1;
const SYN_REPLY = 2;
const PING = 6;
const LAST = 0x01;
const CONTROL = 0x8003;

/** Answers every stream that is opened; ends with the socket. */
export function serveSpdy(socket: Duplex, head: Uint8Array, events: SpdyEvents): SpdyServer {
  const headers = openHeaders();
  let bytes: Buffer = Buffer.from(head);
  socket.on("error", () => undefined);
  void read();

  async function read(): Promise<void> {
    await takeFrames();
    try {
      for await (const chunk of socket) {
        bytes = Buffer.concat([bytes, chunk]);
        await takeFrames();
      }
    } catch {
      // The other side is gone, which is one way to end.
    }
    events.onData(0, new Uint8Array(), true);
  }

  async function takeFrames(): Promise<void> {
    while (bytes.length >= 8) {
      const length = bytes.readUIntBE(5, 3);
      if (bytes.length < 8 + length) return;
      const frame = bytes.subarray(0, 8 + length);
      bytes = bytes.subarray(8 + length);
      await take(frame);
    }
  }

  async function take(frame: Buffer): Promise<void> {
    const [first, flags, payload] = [frame.readUInt16BE(0), frame.readUInt8(4), frame.subarray(8)];
    if (first < 0x8000) return events.onData(frame.readUInt32BE(0), payload, (flags & LAST) !== 0);
    const type = frame.readUInt16BE(2);
    if (type === PING) socket.write(frame);
    if (type !== SYN_STREAM) return;
    const id = payload.readUInt32BE(0);
    const stream = { id, headers: await headers.decode(payload.subarray(10)) };
    socket.write(control(SYN_REPLY, Buffer.concat([uint32(id), await headers.encodeNone()])));
    events.onStream(stream);
  }

  return {
    async send({ id }, data, last) {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(id, 0);
      head.writeUInt8(last === undefined ? 0 : LAST, 4);
      head.writeUIntBE(data.length, 5, 3);
      if (!socket.writable) return;
      if (!socket.write(Buffer.concat([head, data]))) await once(socket, "drain").catch(() => undefined);
    },
  };
}

function control(type: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(CONTROL, 0);
  head.writeUInt16BE(type, 2);
  head.writeUIntBE(payload.length, 5, 3);
  return Buffer.concat([head, payload]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** All headers of a connection are one compressed text in each direction. */
function openHeaders() {
  const inflate = createInflate({ dictionary: DICTIONARY });
  const deflate = createDeflate({ dictionary: DICTIONARY, flush: constants.Z_SYNC_FLUSH });
  const through = async (zlib: Duplex, block: Uint8Array): Promise<Buffer> => {
    await new Promise<void>((done, fail) => zlib.write(block, (error) => (error ? fail(error) : done())));
    return zlib.read() ?? Buffer.alloc(0);
  };
  return {
    async decode(block: Uint8Array): Promise<Readonly<Record<string, string>>> {
      const text = await through(inflate, block);
      const words: string[] = [];
      for (let at = 4; at < text.length; ) {
        const length = text.readUInt32BE(at);
        words.push(text.toString("utf8", at + 4, at + 4 + length));
        at += 4 + length;
      }
      const names = words.filter((_, index) => index % 2 === 0);
      return Object.fromEntries(names.map((name, index) => [name, words[index * 2 + 1] ?? ""]));
    },
    encodeNone: () => through(deflate, uint32(0)),
  };
}

/** Of section 2.6.10.1: words with their lengths, then a text. */
const DICTIONARY = Buffer.concat([
  ...[
    "options,head,post,put,delete,trace,accept,accept-charset,accept-encoding,accept-language,accept-ranges,age,allow,",
    "authorization,cache-control,connection,content-base,content-encoding,content-language,content-length,",
    "content-location,content-md5,content-range,content-type,date,etag,expect,expires,from,host,if-match,",
    "if-modified-since,if-none-match,if-range,if-unmodified-since,last-modified,location,max-forwards,pragma,",
    "proxy-authenticate,proxy-authorization,range,referer,retry-after,server,te,trailer,transfer-encoding,upgrade,",
    "user-agent,vary,via,warning,www-authenticate,method,get,status,200 OK,version,HTTP/1.1,url,public,set-cookie,",
    "keep-alive,origin",
  ]
    .join("")
    .split(",")
    .flatMap((word) => [uint32(word.length), Buffer.from(word)]),
  Buffer.from(
    [
      "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505",
      "203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized",
      "403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable",
      "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT",
      "chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,",
      "text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.",
    ].join(""),
  ),
]);
