/** Which addresses somebody on the network may send us to, and the logins in addresses. */
import { addressKind } from "./address-kind.ts";

/** Hosts that may be spoken to without TLS, as docker does: nobody else can listen to a loopback connection. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return name === "localhost" || name === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** What is asked for at an address. */
export type Purpose =
  /** Bytes that are compared with their digest, without a login. They may come from anywhere but this machine, as docker takes them. */
  | "content"
  /** All others: logins, uploads, manifests. */
  | "trust";

/**
 * Why nobody at `from` may send us to this address, completing "sends us to …,"; undefined when they may. For what needs
 * trust: plain http after https, and private addresses on another host. For all: addresses of this machine, such as its
 * cloud's metadata service.
 * @see https://github.com/google/go-containerregistry/blob/main/pkg/v1/remote/transport/bearer.go
 */
export function unsafeReason(url: URL, from: URL, purpose: Purpose = "trust"): string | undefined {
  if (url.protocol !== "https:" && url.protocol !== "http:") return "which is no web address";
  const [kind, own] = [addressKind(url.hostname), addressKind(from.hostname)];
  const isElsewhere = url.hostname !== from.hostname;
  if (isElsewhere && kind === "self" && own !== "self") return "a private address, of this machine";
  if (purpose === "content") return undefined;
  if (url.protocol === "http:" && from.protocol === "https:") return "where the connection is not encrypted";
  return isElsewhere && kind !== "public" && own === "public" ? "a private address" : undefined;
}

/** A user or password of a URL, decoded. A `%` that begins no byte stands for itself, as in Python's `unquote`. */
export function unquote(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
