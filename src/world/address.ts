/** Which hosts are of this machine or of a private network: what nobody in the public network may send us to. */

/** Hosts that may be spoken to without TLS, as docker does: nobody else can listen to a loopback connection. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return name === "localhost" || name === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** Whether a host name, as `URL.hostname` gives it, is an address that is not of the public network. */
export function isPrivate(name: string): boolean {
  if (isLoopback(name)) return true;
  if (name.startsWith("[")) return /^\[(?:::|f[cd]|fe[89ab])/.test(name);
  return /^(?:0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(
    name,
  );
}

/**
 * Why nobody at `from` may send us to this address, completing "sends us to …,"; undefined when they may: plain http after
 * https, and private addresses on another host, which could be the runner's metadata service.
 * @see https://github.com/google/go-containerregistry/blob/main/pkg/v1/remote/transport/bearer.go
 */
export function unsafeReason(url: URL, from: URL): string | undefined {
  if (url.protocol !== "https:" && url.protocol !== "http:") return "which is no web address";
  if (url.protocol === "http:" && from.protocol === "https:") return "where the connection is not encrypted";
  if (url.hostname !== from.hostname && isPrivate(url.hostname) && !isPrivate(from.hostname)) {
    return "a private address";
  }
  return undefined;
}
