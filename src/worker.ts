/** The door of a worker thread: hashes what `assembly/measure.ts` asks for. */
import { type HashJob, performHash } from "./assembly/hash.ts";
import { blockingFiles } from "./world/blocking-files.ts";
import { answerJobs } from "./world/thread.ts";

const files = blockingFiles();
answerJobs((job) => performHash(job as HashJob, files));
