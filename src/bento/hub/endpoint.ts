/** Which hub a model is on, who named it, and what a request to it may carry. */
import { Buffer } from "node:buffer";
import { Failure } from "../../errors.ts";
import { unquote, unsafeReason } from "../../machine/address.ts";
import { addressKind } from "../../machine/address-kind.ts";
import type { Env } from "../../machine/machine.ts";
import type { HubModel } from "../bento.ts";
import { parseHubAddress, printHubAddress } from "../hub-address.ts";

const PUBLIC_HUB = "https://huggingface.co";

export interface HubEndpoint {
  /** Without login, query, and slash at its end. */
  readonly address: string;
  /**
   * The workflow names HF_ENDPOINT, or huggingface.co without it. What the Bento alone names may be anybody's: it gets no
   * login, a cache of its own, and must be a public address.
   */
  readonly namedBy: "workflow" | "bento";
  /** `name:password` in HF_ENDPOINT. */
  readonly login?: string;
}

/**
 * The hub of a model. HF_ENDPOINT stands for huggingface.co, which every Bento names that was built without a mirror.
 * @throws {Failure} input/HubInvalid when HF_ENDPOINT is no web address; bento/UnsafeAddress when the Bento alone names a
 * hub that is not encrypted or has a private address.
 */
export function endpointOf({ repository, endpoint }: Pick<HubModel, "repository" | "endpoint">, env: Env): HubEndpoint {
  const own = workflowEndpoint(env);
  const address = endpoint === undefined ? PUBLIC_HUB : printHubAddress(new URL(endpoint));
  if (address === PUBLIC_HUB || address === own.address) return own;
  const { protocol, hostname } = new URL(address);
  if (protocol !== "https:") throw refused(repository, address, "where the connection is not encrypted");
  if (addressKind(hostname) !== "public") throw refused(repository, address, "a private address");
  return { address, namedBy: "bento" };
}

function workflowEndpoint(env: Env): HubEndpoint {
  const url = parseHubAddress(env["HF_ENDPOINT"] || PUBLIC_HUB);
  if (url === undefined) {
    throw new Failure("input", "The variable HF_ENDPOINT is not an address that begins with https:// or http://", {
      code: "HubInvalid",
    });
  }
  const login = url.username === "" ? {} : { login: `${unquote(url.username)}:${unquote(url.password)}` };
  return { address: printHubAddress(url), namedBy: "workflow", ...login };
}

function refused(repository: string, address: string, why: string): Failure {
  return new Failure("bento", `The Bento alone says that ${repository} is at ${address}, ${why}`, {
    code: "UnsafeAddress",
    hint: `If that hub is yours, say so in the step's \`env\`: HF_ENDPOINT: ${address}`,
  });
}

/**
 * The headers that let a request in: a login or the token, for the workflow's own hub and no other origin. Every request
 * is asked about here, be it for a listing, its next page, a file, or where a redirect leads.
 */
export function credentialsFor(
  url: URL,
  { address, namedBy, login }: HubEndpoint,
  token: string | undefined,
): Readonly<Record<string, string>> {
  if (namedBy === "bento" || url.origin !== new URL(address).origin) return {};
  if (login !== undefined) return { authorization: `Basic ${Buffer.from(login).toString("base64")}` };
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/**
 * The address of a redirect or of the next page.
 * @param from the address that `text` may be relative to.
 * @throws {Failure} network/UnsafeAddress when it is none, is not encrypted where the hub is, or is private where the hub
 * is not.
 */
export function addressFrom(text: string, from: URL, { address }: HubEndpoint): URL {
  const hub = new URL(address);
  const url = URL.parse(text, from.href);
  const reason = url === null ? "which is no web address" : unsafeReason(url, hub);
  if (url === null || reason !== undefined) {
    throw new Failure("network", `The hub ${hub.host} sends us to ${url?.origin ?? "nowhere"}, ${reason}`, {
      code: "UnsafeAddress",
      hint: "The hub, or the proxy before it, is set up with a wrong public address.",
    });
  }
  url.username = "";
  url.password = "";
  return url;
}
