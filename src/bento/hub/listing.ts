/** Queries a hub about a repository: the commit of a branch and the files of a commit. */
import { Failure } from "../../errors.ts";
import { isJsonObject } from "../../text/json.ts";
import { askJson, invalidAnswer } from "./answer.ts";
import type { Hub, HubMachine } from "./client.ts";
import { addressFrom } from "./endpoint.ts";
import { checkFiles, type HubFile } from "./hub-file.ts";
import { printUrl } from "./refusals.ts";
import type { HubRetryPolicy } from "./retry.ts";

/** Limits of a listing. The Hub recommends at most 100,000 files: https://huggingface.co/docs/hub/storage-limits */
const LIMITS = { entries: 200_000, pages: 400, bytes: 128 << 20 };

const COMMIT = /^[0-9a-f]{40}$/;

export function isCommit(revision: string): boolean {
  return COMMIT.test(revision);
}

/** The current commit of a branch or tag. @throws {Failure} as `askJson`. */
export async function resolveRevision(
  hub: Hub,
  revision: string,
  machine: HubMachine,
  retryPolicy: HubRetryPolicy,
): Promise<string> {
  const { address } = hub.endpoint;
  const url = new URL(`${address}/api/models/${hub.repository}/revision/${encodeURIComponent(revision)}`);
  const { value } = await askJson(hub, url, machine, retryPolicy);
  const sha = isJsonObject(value) ? value["sha"] : undefined;
  if (typeof sha === "string" && isCommit(sha)) return sha;
  throw invalidAnswer(url, "no commit");
}

/**
 * Lists all files of a commit, page by page.
 * @throws {Failure} as `askJson`; network/UnsafeAddress for a page at an address that is not allowed;
 * network/AnswerTooLong; bento/UnsafePath as `checkFiles`.
 */
export async function listCommit(
  hub: Hub,
  commit: string,
  machine: HubMachine,
  retryPolicy: HubRetryPolicy,
): Promise<readonly HubFile[]> {
  const { address } = hub.endpoint;
  const start = new URL(`${address}/api/models/${hub.repository}/tree/${commit}?recursive=true&expand=false`);
  const files: HubFile[] = [];
  const total = { entries: 0, pages: 0, bytes: 0 };
  const deadline = machine.now().getTime() + 10 * retryPolicy.answerTime;
  for (let url: URL | undefined = start; url !== undefined; ) {
    const { value, size, headers } = await askJson(hub, url, machine, retryPolicy);
    const entries = entriesOf(value, url);
    total.entries += entries.length;
    total.pages += 1;
    total.bytes += size;
    if (total.entries > LIMITS.entries || total.pages > LIMITS.pages || total.bytes > LIMITS.bytes)
      throw tooLong(start);
    if (machine.now().getTime() > deadline) throw tooSlow(start);
    for (const entry of entries) if (entry["type"] === "file") files.push(readFile(entry, url));
    url = nextPage(headers["link"], url, hub);
  }
  return checkFiles(files);
}

function entriesOf(value: unknown, url: URL): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value) && value.every(isJsonObject)) return value;
  throw invalidAnswer(url, "content that is not a list of files");
}

/** https://huggingface.co/docs/hub/api, `/api/models/{repo_id}/tree/{revision}` */
function readFile(entry: Readonly<Record<string, unknown>>, url: URL): HubFile {
  const { path, oid } = entry;
  const lfs = isJsonObject(entry["lfs"]) ? entry["lfs"] : undefined;
  const { size, oid: hash } = lfs ?? { size: entry["size"], oid };
  if (typeof path === "string" && typeof size === "number" && typeof hash === "string" && typeof oid === "string") {
    return { path, size, hash, blobId: oid };
  }
  throw invalidAnswer(url, "a file without path, size, or hash");
}

/** The link `<https://…>; rel="next"` of a response: https://www.rfc-editor.org/rfc/rfc8288#section-3 */
export function nextPage(links: string | undefined, url: URL, { endpoint }: Hub): URL | undefined {
  const next = links
    ?.split("<")
    .map((link) => /^([^>]*)>\s*;\s*rel="?next\b/.exec(link)?.[1])
    .find((address) => address !== undefined);
  return next === undefined ? undefined : addressFrom(next, url, endpoint);
}

function tooSlow(url: URL): Failure {
  return new Failure("network", `${printUrl(url)} took too long to list the files`, { code: "AnswerTooSlow" });
}

function tooLong(url: URL): Failure {
  const { entries, pages, bytes } = LIMITS;
  return new Failure(
    "network",
    `${printUrl(url)} lists more than ${entries} files, on more than ${pages} pages, or in more than ${bytes} bytes`,
    {
      code: "AnswerTooLong",
      hint: "The repository has too many files for an image. Select fewer with `include` and `exclude`, or use another repository.",
    },
  );
}
