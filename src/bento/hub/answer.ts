/** A hub's answer in JSON, of bounded size and time. */

import { Failure } from "../../errors.ts";
import { parseJson } from "../../text/json.ts";
import { type Hub, type HubMachine, networkFailure } from "./client.ts";
import { printUrl } from "./refusals.ts";
import { type HubRetryPolicy, retrying } from "./retry.ts";

/** Bytes of one answer: 1,000 files, which huggingface.co tells of in one, take 0.4 MB. */
const MAX_ANSWER = 16 << 20;

export interface Answer {
  readonly value: unknown;
  /** Bytes of its text. */
  readonly size: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Asks for an answer in JSON, again where that may help.
 * @throws {Failure} as `Hub.get`; network/AnswerTooLong, AnswerTooSlow and AnswerInvalid.
 */
export function askJson(hub: Hub, url: URL, machine: HubMachine, pace: HubRetryPolicy): Promise<Answer> {
  return retrying(() => askOnce(hub, url, machine, pace), machine, pace);
}

async function askOnce(hub: Hub, url: URL, machine: HubMachine, { answerTime }: HubRetryPolicy): Promise<Answer> {
  const limit = AbortSignal.timeout(answerTime);
  const signal = AbortSignal.any([machine.signal, limit]);
  try {
    const { body, headers } = await hub.get(url, { accept: "application/json" }, signal);
    const text = await readText(body, url);
    return { value: parse(text, url), size: Buffer.byteLength(text), headers };
  } catch (error) {
    if (!limit.aborted || machine.signal.aborted) throw networkFailure(error, url, machine);
    throw new Failure("network", `${printUrl(url)} did not answer within ${answerTime / 1000} s`, {
      code: "AnswerTooSlow",
      cause: error,
    });
  }
}

async function readText(body: AsyncIterable<Uint8Array>, url: URL): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_ANSWER) {
      throw new Failure("network", `${printUrl(url)} answered more than ${MAX_ANSWER} bytes`, {
        code: "AnswerTooLong",
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** A parser's own error would show what it could not read, which may be of any host. */
function parse(text: string, url: URL): unknown {
  const value = parseJson(text);
  if (value === undefined) throw invalidAnswer(url, "something that is not JSON");
  return value;
}

/** The failure of an answer that is not what it should be; `what` it is instead, in our words and never in its own. */
export function invalidAnswer(url: URL, what: string): Failure {
  return new Failure("network", `${printUrl(url)} answered with ${what}`, {
    code: "AnswerInvalid",
    hint: "There is no hub at that address, or a proxy before it answers in its place.",
  });
}
