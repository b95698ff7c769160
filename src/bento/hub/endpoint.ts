/** The hub of a model, who configured it, and the credentials for requests to it. */
import { Buffer } from "node:buffer";
import { Failure } from "../../errors.ts";
import { unquote, unsafeReason } from "../../machine/address.ts";
import { addressKind } from "../../machine/address-kind.ts";
import type { Env } from "../../machine/machine.ts";
import type { HubModel } from "../bento.ts";
import { parseHubAddress, printHubAddress } from "../hub-address.ts";

const PUBLIC_HUB = "https://huggingface.co";

export interface HubEndpoint {
  /** Without login, query and trailing slash. */
  readonly address: string;
  /**
   * `workflow`: HF_ENDPOINT, or huggingface.co without it. `bento`: only the Bento names the hub, so it is not trusted: it
   * gets no credentials, has a separate cache and must be at a public address.
   */
  readonly namedBy: "workflow" | "bento";
  /** `name:password` in HF_ENDPOINT. */
  readonly login?: string;
}

/**
 * The hub of a model. HF_ENDPOINT replaces huggingface.co, which is in every Bento that was built without a mirror.
 * @throws {Failure} input/HubInvalid when HF_ENDPOINT is not a web address; bento/UnsafeAddress when only the Bento names
 * the hub, and it is not encrypted or has a private address.
 */
export function endpointOf({ repository, endpoint }: Pick<HubModel, "repository" | "endpoint">, env: Env): HubEndpoint {
  const own = workflowEndpoint(env);
  const address = endpoint === undefined ? PUBLIC_HUB : printHubAddress(new URL(endpoint));
  if (address === PUBLIC_HUB || address === own.address) return own;
  const { protocol, hostname } = new URL(address);
  if (protocol !== "https:") throw refused(repository, address, "which is not encrypted");
  if (addressKind(hostname) !== "public") throw refused(repository, address, "which is a private address");
  return { address, namedBy: "bento" };
}

function workflowEndpoint(env: Env): HubEndpoint {
  const url = parseHubAddress(env["HF_ENDPOINT"] || PUBLIC_HUB);
  if (url === undefined) {
    throw new Failure("input", "The variable HF_ENDPOINT is not a URL that starts with https:// or http://", {
      code: "HubInvalid",
    });
  }
  const login = url.username === "" ? {} : { login: `${unquote(url.username)}:${unquote(url.password)}` };
  return { address: printHubAddress(url), namedBy: "workflow", ...login };
}

function refused(repository: string, address: string, why: string): Failure {
  return new Failure(
    "bento",
    `The Bento names a hub for ${repository} that the workflow does not: ${address}, ${why}`,
    {
      code: "UnsafeAddress",
      hint: `If you trust this hub, set it in the step's \`env\`: HF_ENDPOINT: ${address}`,
    },
  );
}

/**
 * The authorization header of a request: a login or the token, only for the origin of the workflow's own hub. It is called
 * for every request: for listings and their next pages, files and redirects.
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
 * @throws {Failure} network/UnsafeAddress when it is not a web address, is not encrypted although the hub is, or is private
 * although the hub is not.
 */
export function addressFrom(text: string, from: URL, { address }: HubEndpoint): URL {
  const hub = new URL(address);
  const url = URL.parse(text, from.href);
  const reason = url === null ? "which is not a web address" : unsafeReason(url, hub);
  if (url === null || reason !== undefined) {
    throw new Failure("network", `The hub ${hub.host} redirects to ${url?.origin ?? "an invalid address"}, ${reason}`, {
      code: "UnsafeAddress",
      hint: "Check the public address in the configuration of the hub or its proxy.",
    });
  }
  url.username = "";
  url.password = "";
  return url;
}
