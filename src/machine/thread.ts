/** The worker's side of `workers.ts`. */
import { parentPort } from "node:worker_threads";
import { type Answer, sendable } from "./answer.ts";

/** Runs the jobs that the main thread sends, and sends back their results or errors. */
export function answerJobs(perform: (job: unknown) => Promise<unknown>): void {
  parentPort?.on("message", async (job: unknown) => parentPort?.postMessage(await answerTo(job, perform)));
}

async function answerTo(job: unknown, perform: (job: unknown) => Promise<unknown>): Promise<Answer> {
  try {
    return { result: await perform(job) };
  } catch (error) {
    return { error: sendable(error) };
  }
}
