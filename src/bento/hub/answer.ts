/** Reads JSON responses of a Hub, with limits for size and time. */

import { Failure } from "../../errors.ts";
import { parseJson } from "../../text/json.ts";
import { type Hub, type HubMachine, networkFailure } from "./client.ts";
import { printUrl } from "./refusals.ts";
import { type HubRetryPolicy, retrying } from "./retry.ts";

/** The largest response in bytes. A page of huggingface.co with 1,000 files has 0.4 MB. */
const MAX_ANSWER = 16 << 20;

export interface Answer {
  readonly value: unknown;
  /** Bytes of its text. */
  readonly size: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Requests a JSON document, with retries.
 * @throws {Failure} as `Hub.get`; network/AnswerTooLong, AnswerTooSlow and AnswerInvalid.
 */
export function askJson(hub: Hub, url: URL, machine: HubMachine, retryPolicy: HubRetryPolicy): Promise<Answer> {
  return retrying(() => askOnce(hub, url, machine, retryPolicy), machine, retryPolicy);
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
      throw new Failure("network", `${printUrl(url)} answered with more than ${MAX_ANSWER} bytes`, {
        code: "AnswerTooLong",
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Does not pass on the parser's error, which would show content of the response, possibly of an internal host. */
function parse(text: string, url: URL): unknown {
  const value = parseJson(text);
  if (value === undefined) throw invalidAnswer(url, "content that is not JSON");
  return value;
}

/** The failure for an invalid response. `what` describes it in our words and never quotes its content. */
export function invalidAnswer(url: URL, what: string): Failure {
  return new Failure("network", `${printUrl(url)} answered with ${what}`, {
    code: "AnswerInvalid",
    hint: "Check that the address is a Hugging Face Hub and that no proxy answers instead.",
  });
}
