import { Failure } from "../../errors.ts";
import type { HttpResponse } from "../../machine/machine.ts";
import type { HubEndpoint } from "./endpoint.ts";

/** A rate-limit Failure with the wait that the Hub requests. */
export class HubRateLimit extends Failure {
  readonly waitSeconds: number | undefined;

  constructor(message: string, waitSeconds: number | undefined) {
    super("rate-limit", message, {
      hint: "Set HF_TOKEN, since the Hub allows more requests with a token, or cache ~/.cache/huggingface between runs.",
    });
    this.waitSeconds = waitSeconds;
  }
}

/** How many characters of a hub's error message a failure shows. */
const MAX_MESSAGE = 300;

/** The refused request: its hub and repository, and whether there is a token. */
export interface Refused {
  readonly endpoint: HubEndpoint;
  readonly repository: string;
  readonly hasToken: boolean;
}

/** The failure for a response that is not 2xx: https://huggingface.co/docs/hub/api, header `x-error-message`. */
export function refusal(url: URL, { status, headers }: HttpResponse, refused: Refused): Failure {
  // A hub that only the Bento names may be a service in the runner's network, so its message is not logged.
  const message = refused.endpoint.namedBy === "bento" ? undefined : headers["x-error-message"];
  const detail = message === undefined ? "" : `: ${message.slice(0, MAX_MESSAGE)}`;
  const page = `${refused.endpoint.address}/${refused.repository}`;
  if (status === 401 || status === 403) {
    return new Failure("auth", `${page} refused access (HTTP ${status})${detail}`, { hint: authHint(page, refused) });
  }
  if (status === 404) {
    return new Failure("bento", `${printUrl(url)} does not exist (HTTP 404)${detail}`, {
      code: "ModelMissing",
      hint: "The repository or the commit has been removed or renamed since the Bento was built.",
    });
  }
  if (status === 429) {
    const wait = Number.parseInt(headers["retry-after"] ?? "", 10);
    return new HubRateLimit(`${page} limits the rate of requests (HTTP 429)`, Number.isNaN(wait) ? undefined : wait);
  }
  return new Failure("network", `${printUrl(url)} answered HTTP ${status}${detail}`, { code: String(status) });
}

function authHint(page: string, { endpoint: { address, namedBy, login }, hasToken }: Refused): string {
  if (namedBy === "bento") {
    return `Only the Bento names ${address}, so no credentials were sent to it. To send HF_TOKEN or a login, set HF_ENDPOINT=${address}.`;
  }
  if (login !== undefined)
    return "The login in HF_ENDPOINT was sent instead of HF_TOKEN. Check that it may read the repository.";
  const gated = `For a gated repository, the token's owner must accept its terms at ${page}.`;
  return hasToken
    ? `The token in HF_TOKEN has no access to this repository, or the repository does not exist. ${gated}`
    : `Set HF_TOKEN in the step's \`env\` to a token that has access (the Hub also answers 401 if a repository does not exist). ${gated}`;
}

/** Without login and query, because the query of a storage URL contains a signature that grants access. */
export function printUrl({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}
