/** Checks addresses that a server redirects to, and decodes logins in URLs. */
import { addressKind } from "./address-kind.ts";

/** Whether a host is loopback, which may be used without TLS, as docker does: nobody else can listen to the connection. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return name === "localhost" || name === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** The purpose of a request. */
export type Purpose =
  /** Bytes that are verified by their digest, requested without credentials. They may come from every address except this machine, as with docker. */
  | "content"
  /** Everything else: logins, uploads, manifests. */
  | "trust";

/**
 * Why a redirect from `from` to this address is refused, as the end of the sentence "… sends us to …,"; undefined when it
 * is allowed. With the purpose `trust`: http after https, and private addresses of another host. With any purpose:
 * addresses of this machine, such as its cloud's metadata service.
 * @see https://github.com/google/go-containerregistry/blob/main/pkg/v1/remote/transport/bearer.go
 */
export function unsafeReason(url: URL, from: URL, purpose: Purpose = "trust"): string | undefined {
  if (url.protocol !== "https:" && url.protocol !== "http:") return "which is not a web address";
  const [kind, own] = [addressKind(url.hostname), addressKind(from.hostname)];
  const isElsewhere = url.hostname !== from.hostname;
  if (isElsewhere && kind === "self" && own !== "self") return "a private address of this machine";
  if (purpose === "content") return undefined;
  if (url.protocol === "http:" && from.protocol === "https:") return "which is not encrypted";
  return isElsewhere && kind !== "public" && own === "public" ? "a private address" : undefined;
}

/** Decodes a user or password of a URL. An invalid `%` sequence stays as it is, as in Python's `unquote`. */
export function unquote(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
