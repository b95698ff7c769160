/** The door of a worker thread: hashes what `assembly/measure.ts` asks for. */
import { type HashJob, performHash } from "./layers/hash.ts";
import { blockingFiles } from "./machine/blocking-files.ts";
import { answerJobs } from "./machine/thread.ts";

const files = blockingFiles();
answerJobs((job) => performHash(job as HashJob, files));
