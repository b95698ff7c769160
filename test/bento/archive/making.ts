import { crc32 } from "node:zlib";
import { Header, type HeaderData } from "tar";

export interface Member {
  readonly path: string;
  readonly type?: NonNullable<HeaderData["type"]>;
  readonly mode?: number;
  readonly linkpath?: string;
  readonly content?: string;
}

export const MANIFEST: Member = {
  path: "bento.yaml",
  content: "name: a\nversion: b\ncreation_time: '2026-01-01T00:00:00+00:00'\n",
};

/** The end marker of a tar: two blocks of zeros. */
export const END: Buffer = Buffer.alloc(1024);

/** A tar of these members, with its end marker. */
export function makeTar(...members: readonly Member[]): Buffer {
  return Buffer.concat([...members.map(makeMember), END]);
}

export function makeMember({ content = "", type = "File", mode = 0o644, ...rest }: Member): Buffer {
  const header = new Header({
    ...rest,
    type,
    mode,
    size: Buffer.byteLength(content),
    mtime: new Date(0),
    uid: 0,
    gid: 0,
  });
  header.encode();
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512);
  body.write(content);
  return Buffer.concat([header.block ?? Buffer.alloc(0), body]);
}

/** A member with any typeflag; for an extended header with the given content. */
export function makeRaw(type: string, content: string, path = "odd"): Buffer {
  const block = makeMember({ path, content });
  block.write(type, 156, "latin1");
  block.fill(" ", 148, 156);
  const sum = block.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

/** A record of a pax extended header. */
export function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  const digits = String(rest + String(rest).length).length;
  return `${rest + digits} ${key}=${value}\n`;
}

export interface ZipMember {
  readonly name: string;
  readonly content: string;
  /** Unix `st_mode`. */
  readonly mode?: number;
  readonly crc?: number;
}

/** A zip of stored members: APPNOTE 4.3.7, 4.3.12, 4.3.16. */
export function makeZip(...members: readonly ZipMember[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, content, mode = 0o100644, crc = crc32(content) } of members) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name + content)]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x03"), common, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from("PK\x05\x06"), end]);
}
