import { Failure } from "../errors.ts";
import { type Purpose, unsafeReason } from "../machine/address.ts";

/** The host that serves the API of a reference's domain. Docker Hub's is not its name. */
export function apiHost(domain: string): string {
  return domain === "docker.io" ? "registry-1.docker.io" : domain;
}

/**
 * Refuses addresses that a registry has no business sending us to, see {@link unsafeReason}.
 * @throws Failure `network`, code `UnsafeAddress`.
 */
export function checkAddress(url: URL, registry: URL, purpose: Purpose = "trust"): void {
  const reason = unsafeReason(url, registry, purpose);
  if (reason === undefined) return;
  throw new Failure("network", `The registry ${registry.host} sends us to ${url.origin}, ${reason}.`, {
    code: "UnsafeAddress",
    hint: "The registry, or the proxy before it, is set up with a wrong public address.",
  });
}
