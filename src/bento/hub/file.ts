/** A file of a repository at one commit, as the Hub answers for it. */
import { Failure } from "../../errors.ts";
import type { HttpResponse } from "../../machine/machine.ts";
import type { Hub } from "./client.ts";

/** Where the Hub gives the bytes of a file, mostly by a redirect to its storage. */
export function fileUrl({ endpoint: { address }, repository }: Hub, commit: string, path: string): URL {
  const name = path.split("/").map(encodeURIComponent).join("/");
  return new URL(`${address}/${repository}/resolve/${commit}/${name}`);
}

/** Whether an answer begins at this byte, as its request's `Range` asked. A mirror that knows no ranges sends everything. */
export function isContinued({ status, headers }: HttpResponse, start: number): boolean {
  return status === 206 && headers["content-range"]?.startsWith(`bytes ${start}-`) === true;
}

/** The failure of bytes that are not those that the Hub lists. */
export function damaged(path: string, { repository }: Hub, hash: string): Failure {
  return new Failure("network", `${path} of ${repository} came damaged: its hash is not ${hash}`, {
    code: "Damaged",
    hint: "A proxy or mirror between here and the Hub changes or truncates files.",
  });
}
