import { Failure } from "../errors.ts";

/** The host that serves the API of a reference's domain. Docker Hub's is not its name. */
export function apiHost(domain: string): string {
  return domain === "docker.io" ? "registry-1.docker.io" : domain;
}

/** Hosts that may be spoken to without TLS, as docker does: nobody else can listen to a loopback connection. */
export function isLoopback(host: string): boolean {
  const name = hostname(host);
  return name === "localhost" || name === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/**
 * Refuses addresses that a registry has no business sending us to: plain http after https, and private addresses on
 * another host, which could be the runner's metadata service.
 * @throws Failure `network`, code `UnsafeAddress`.
 * @see https://github.com/google/go-containerregistry/blob/main/pkg/v1/remote/transport/bearer.go
 */
export function checkAddress(url: URL, registry: URL): void {
  const reason = unsafeReason(url, registry);
  if (reason === undefined) return;
  throw new Failure("network", `The registry ${registry.host} sends us to ${url.origin}, ${reason}.`, {
    code: "UnsafeAddress",
    hint: "The registry, or the proxy before it, is set up with a wrong public address.",
  });
}

/** Why nobody at `registry` may send us to this address, completing "…, which is"; undefined when they may. */
export function unsafeReason(url: URL, registry: URL): string | undefined {
  if (url.protocol !== "https:" && url.protocol !== "http:") return "which is no web address";
  if (url.protocol === "http:" && registry.protocol === "https:") return "where the connection is not encrypted";
  if (url.hostname !== registry.hostname && isPrivate(url.hostname) && !isPrivate(registry.hostname)) {
    return "a private address";
  }
  return undefined;
}

/** Whether a host name, as `URL.hostname` gives it, is an address that is not of the public network. */
export function isPrivate(name: string): boolean {
  if (isLoopback(name)) return true;
  if (name.startsWith("[")) return /^\[(?:::|f[cd]|fe[89ab])/.test(name);
  return /^(?:0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(
    name,
  );
}

function hostname(host: string): string {
  return host.replace(/:\d+$/, "").toLowerCase();
}
