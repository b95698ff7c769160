/** The fields of a Deployment that buildx sets, out of Kubernetes' protobuf. */
import { strict as assert } from "node:assert";

export interface Deployment {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly replicas: number;
  readonly image: string;
  /** Resource → quantity. */
  readonly requests: Readonly<Record<string, string>>;
  readonly nodeSelector: Readonly<Record<string, string>>;
}

/** Numbers are of https://github.com/kubernetes/api/blob/master/apps/v1/generated.proto and core/v1; the envelope is runtime.Unknown. */
export function readDeployment(body: Buffer): Deployment {
  assert.equal(body.toString("latin1", 0, 4), "k8s\0");
  const deployment = one(readMessage(body.subarray(4)), 2);
  const metadata = one(readMessage(deployment), 1);
  const spec = readMessage(one(readMessage(deployment), 2));
  const pod = readMessage(one(readMessage(one(spec, 3)), 2));
  const container = readMessage(one(pod, 2));
  const replicas = spec.get(1)?.[0];
  return {
    name: one(readMessage(metadata), 1).toString(),
    labels: map(readMessage(metadata), 11, (text) => text.toString()),
    replicas: typeof replicas === "number" ? replicas : 1,
    image: one(container, 2).toString(),
    requests: map(readMessage(one(container, 8)), 2, (quantity) => one(readMessage(quantity), 1).toString()),
    nodeSelector: map(pod, 7, (text) => text.toString()),
  };
}

type Message = ReadonlyMap<number, readonly (Buffer | number)[]>;

function one(message: Message, field: number): Buffer {
  const [first] = message.get(field) ?? [];
  return Buffer.isBuffer(first) ? first : Buffer.alloc(0);
}

function map(message: Message, field: number, read: (value: Buffer) => string): Readonly<Record<string, string>> {
  const entries = (message.get(field) ?? []).filter((entry) => Buffer.isBuffer(entry)).map(readMessage);
  return Object.fromEntries(entries.map((entry) => [one(entry, 1).toString(), read(one(entry, 2))]));
}

/** Source: https://protobuf.dev/programming-guides/encoding/ */
function readMessage(bytes: Buffer): Message {
  const fields = new Map<number, (Buffer | number)[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes.readUInt8(at++);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const kind = key % 8;
    assert.ok(kind === 0 || kind === 2, `wire type ${kind}`);
    const number = varint();
    if (kind === 2) at += number;
    const value = kind === 0 ? number : bytes.subarray(at - number, at);
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;
}
