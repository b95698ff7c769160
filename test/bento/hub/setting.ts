/** A fake Hub on loopback, a machine with an empty cache, and the model `acme/words`. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { HubModel } from "../../../src/bento/bento.ts";
import { realHttp } from "../../../src/machine/http.ts";
import type { Env } from "../../../src/machine/machine.ts";
import { makeSetting } from "../setting.ts";
import { openNetwork } from "./network.ts";
import { type FakeHub, send, sendRange, startHub, type Trick } from "./server.ts";

export const WORDS = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
export const HUB_RETRY_POLICY = { retries: 2, delay: 1, maxWait: 1, answerTime: 2_000 };

export function words(hub: FakeHub, change: Partial<HubModel> = {}): HubModel {
  return {
    registry: "huggingface",
    tag: { name: "acme--words", version: "1" },
    repository: "acme/words",
    revision: WORDS,
    endpoint: hub.endpoint,
    include: ["*.json", "*.txt", "*.bin"],
    exclude: ["old/"],
    ...change,
  };
}

export async function setUp(env: Env = {}) {
  const hub = await startHub();
  const setting = await makeSetting({ env: { HF_ENDPOINT: hub.endpoint, ...env } });
  const abort = new AbortController();
  const http = realHttp({ env: {}, signal: abort.signal });
  onTestFinished(() => http.close());
  const network = openNetwork(http, setting.machine.env["HF_ENDPOINT"] || undefined);
  const machine = { ...setting.machine, http: network.http, signal: abort.signal };
  const cache = join(setting.root, "home/.cache/huggingface/hub");
  return { hub, setting, machine, abort, cache, network };
}

/** Cuts the connection in the middle of the first answer for weights.bin. */
export function resetOnce(bytes: Buffer, at: number): Trick {
  let done = false;
  return ({ path }, response) => {
    if (done || !path.endsWith("weights.bin")) return false;
    done = true;
    response.writeHead(200, { "content-length": bytes.length });
    response.write(bytes.subarray(0, at), () => setTimeout(() => response.destroy(), 20));
    return true;
  };
}

export function always(part: string, status: number, headers: Record<string, string> = {}): Trick {
  return ({ path }, response) => {
    if (!path.includes(part)) return false;
    send(response, status, "{}", headers);
    return true;
  };
}

/** Replaces the content of weights.bin of `acme/words`. */
export function weighing(bytes: Buffer): Trick {
  const lfs = { oid: createHash("sha256").update(bytes).digest("hex"), size: bytes.length, pointerSize: 134 };
  const listed = { type: "file", path: "weights.bin", size: bytes.length, oid: "a".repeat(40), lfs };
  return ({ path, range }, response) => {
    if (path.includes("/tree/")) send(response, 200, JSON.stringify([listed]));
    else if (path.endsWith("weights.bin")) sendRange(response, range, bytes);
    else return false;
    return true;
  };
}
