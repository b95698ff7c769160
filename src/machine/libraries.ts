/**
 * The big libraries of others: who needs one loads this module then, so that a start does not read them. What has effects,
 * as @actions/exec, is for machine/ alone.
 */
import xz from "xz-decompress";

export { getExecOutput } from "@actions/exec";
export { parse } from "csv-parse/sync";
export { FAILSAFE_SCHEMA, load, nullCoreTag, YAMLException } from "js-yaml";
export { fromRandomAccessReaderPromise, RandomAccessReader } from "yauzl";

/** A CommonJS module whose names Node does not see. */
export const { XzReadableStream } = xz;
