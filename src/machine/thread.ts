/** The worker's side of `workers.ts`. */
import { parentPort } from "node:worker_threads";
import { type Answer, type Progress, sendable } from "./answer.ts";

/** Bytes between two messages about progress. */
const STEP = 32 << 20;

/** Does a job, and calls back with the number of bytes of each piece that it has read. */
type Perform = (job: unknown, onBytes: (count: number) => void) => Promise<unknown>;

/** Runs the jobs that the main thread sends, and sends back their results or errors. */
export function answerJobs(perform: Perform): void {
  parentPort?.on("message", async (job: unknown) => parentPort?.postMessage(await answerTo(job, perform)));
}

async function answerTo(job: unknown, perform: Perform): Promise<Answer> {
  let bytes = 0;
  const onBytes = (count: number): void => {
    bytes += count;
    if (bytes < STEP) return;
    parentPort?.postMessage({ bytes } satisfies Progress);
    bytes = 0;
  };
  try {
    return { result: await perform(job, onBytes) };
  } catch (error) {
    return { error: sendable(error) };
  }
}
