import { Failure } from "../errors.ts";
import { addressKind } from "../world/address-kind.ts";

/** The host that serves the API of a reference's domain. Docker Hub's is not its name. */
export function apiHost(domain: string): string {
  return domain === "docker.io" ? "registry-1.docker.io" : domain;
}

/** Hosts that may be spoken to without TLS, as docker does: nobody else can listen to a loopback connection. */
export function isLoopback(host: string): boolean {
  const name = hostname(host);
  return name === "localhost" || name === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** What is asked for at an address that a registry names. */
export type Purpose =
  /** Bytes that are compared with their digest, without a login. They may come from anywhere but this machine, as docker takes them. */
  | "content"
  /** All others: logins, uploads, manifests. */
  | "trust";

/**
 * Refuses addresses that a registry has no business sending us to. For what needs trust: plain http after https, and
 * private addresses on another host. For all: addresses of this machine, such as its cloud's metadata service.
 * @throws Failure `network`, code `UnsafeAddress`.
 * @see https://github.com/google/go-containerregistry/blob/main/pkg/v1/remote/transport/bearer.go
 */
export function checkAddress(url: URL, registry: URL, purpose: Purpose = "trust"): void {
  const reason = unsafeReason(url, registry, purpose);
  if (reason === undefined) return;
  throw new Failure("network", `The registry ${registry.host} sends us to ${url.origin}, ${reason}.`, {
    code: "UnsafeAddress",
    hint: "The registry, or the proxy before it, is set up with a wrong public address.",
  });
}

function unsafeReason(url: URL, registry: URL, purpose: Purpose): string | undefined {
  if (url.protocol !== "https:" && url.protocol !== "http:") return "which is no web address";
  const [kind, own] = [addressKind(url.hostname), addressKind(registry.hostname)];
  const isElsewhere = url.hostname !== registry.hostname;
  if (isElsewhere && kind === "self" && own !== "self") return "an address of this machine";
  if (purpose === "content") return undefined;
  if (url.protocol === "http:" && registry.protocol === "https:") return "where the connection is not encrypted";
  return isElsewhere && kind !== "public" && own === "public" ? "a private address" : undefined;
}

function hostname(host: string): string {
  return host.replace(/:\d+$/, "").toLowerCase();
}
