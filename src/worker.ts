/** Entry point of a worker thread: hashes layers for `layers/measure.ts`. */
import { type HashJob, performHash } from "./layers/hash.ts";
import { blockingFiles } from "./machine/blocking-files.ts";
import { answerJobs } from "./machine/thread.ts";

const files = blockingFiles();
answerJobs((job, onBytes) => performHash(job as HashJob, files, onBytes));
