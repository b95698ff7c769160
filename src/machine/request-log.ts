import { errorCode } from "../errors.ts";
import { printDuration } from "../text/duration.ts";
import type { HttpRequest, HttpResponse } from "./machine.ts";

/** Parameters of registries that are names or digests. All others may be secrets: signatures, session states, tokens. */
const PUBLIC_PARAMETERS = ["digest", "from", "mount", "n", "scope", "service"];
/** Characters of a part of a path that is shown; a longer one may be a token. The longest names are tags (128). */
const LONGEST_PART = 128;
/** Parts of a path that an address giving rights follows: `/uploads/ID/part/2` and, at ghcr.io, `/upload/ID`. */
const BEFORE_RIGHTS = /^(?:up|down)loads?$/i;

/**
 * Sends the request and logs it with status and time, without anything that gives rights: no headers, no login in the
 * address, no unknown parameters, and not the address of an upload or download, which some registries accept instead of a login.
 */
export async function logged(
  request: Pick<HttpRequest, "method" | "url">,
  send: () => Promise<HttpResponse>,
  log: (line: string) => void,
): Promise<HttpResponse> {
  const start = performance.now();
  const end = (outcome: string | number): void =>
    log(
      `${request.method} ${printAddress(request.url)}: ${outcome}, ${printDuration((performance.now() - start) / 1000)}`,
    );
  try {
    const response = await send();
    end(response.status);
    return response;
  } catch (error) {
    end(errorCode(error) || "failed");
    throw error;
  }
}

/** `https://ghcr.io/v2/acme/iris/blobs/uploads/…?digest=sha256:0123&…` */
export function printAddress({ protocol, host, pathname, searchParams }: URL): string {
  const parts = pathname.split("/");
  const first = parts.findIndex((part) => BEFORE_RIGHTS.test(part));
  const isPublic = (part: string, index: number): boolean =>
    part === "" || (part.length <= LONGEST_PART && (first === -1 || index <= first));
  const path = parts.map((part, index) => (isPublic(part, index) ? part : "…")).join("/");
  const shown = [...searchParams].filter(([name]) => PUBLIC_PARAMETERS.includes(name));
  const query = shown.map(([name, value]) => `${name}=${encodeURI(value)}`);
  const all = shown.length < searchParams.size ? [...query, "…"] : query;
  return `${protocol}//${host}${path}${all.length === 0 ? "" : `?${all.join("&")}`}`;
}
