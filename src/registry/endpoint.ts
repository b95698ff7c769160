import { Failure } from "../errors.ts";
import { type Purpose, unsafeReason } from "../machine/address.ts";

/** The host of the API for a reference's domain. Docker Hub's API has another host name. */
export function apiHost(domain: string): string {
  return domain === "docker.io" ? "registry-1.docker.io" : domain;
}

/**
 * Rejects addresses that a registry must not refer to; see {@link unsafeReason}.
 * @throws Failure `network`, code `UnsafeAddress`.
 */
export function checkAddress(url: URL, registry: URL, purpose: Purpose = "trust"): void {
  const reason = unsafeReason(url, registry, purpose);
  if (reason === undefined) return;
  throw new Failure("network", `The registry ${registry.host} sends us to ${url.origin}, ${reason}.`, {
    code: "UnsafeAddress",
    hint: "The registry, or the proxy in front of it, is configured with a wrong public address.",
  });
}
