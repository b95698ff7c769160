/** Requests for a file of a repository at one commit. */
import { Failure } from "../../errors.ts";
import type { HttpResponse } from "../../machine/machine.ts";
import type { Hub } from "./client.ts";

/** The URL of a file's content. The Hub usually redirects to its storage. */
export function fileUrl({ endpoint: { address }, repository }: Hub, commit: string, path: string): URL {
  const name = path.split("/").map(encodeURIComponent).join("/");
  return new URL(`${address}/${repository}/resolve/${commit}/${name}`);
}

/** Whether a response starts at the byte that the `Range` of its request names. A mirror without range support sends the whole file. */
export function isContinued({ status, headers }: HttpResponse, start: number): boolean {
  return status === 206 && headers["content-range"]?.startsWith(`bytes ${start}-`) === true;
}

/** The failure for content whose hash differs from the one that the Hub lists. */
export function damaged(path: string, { repository }: Hub, hash: string): Failure {
  return new Failure("network", `The download of ${path} of ${repository} is damaged: its hash is not ${hash}`, {
    code: "Damaged",
    hint: "Check whether a proxy or mirror between here and the Hub changes or truncates files.",
  });
}
