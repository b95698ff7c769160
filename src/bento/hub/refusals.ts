import { Failure } from "../../errors.ts";
import type { HttpResponse } from "../../machine/machine.ts";
import type { HubEndpoint } from "./endpoint.ts";

/** Set on a rate-limit Failure: how long the Hub asks to wait. */
export class HubRateLimit extends Failure {
  readonly waitSeconds: number | undefined;

  constructor(message: string, waitSeconds: number | undefined) {
    super("rate-limit", message, {
      hint: "Set HF_TOKEN: the Hub allows more requests to those it knows. Or cache ~/.cache/huggingface between runs.",
    });
    this.waitSeconds = waitSeconds;
  }
}

/** Characters of a hub's own words in a failure. */
const MAX_SAID = 300;

/** Which hub refused, and what it was given. */
export interface Refused {
  readonly endpoint: HubEndpoint;
  readonly repository: string;
  readonly hasToken: boolean;
}

/** What a hub's answer other than 2xx means: https://huggingface.co/docs/hub/api, header `x-error-message`. */
export function refusal(url: URL, { status, headers }: HttpResponse, refused: Refused): Failure {
  // What the Bento alone names may be a service of the runner's own network: its words are not for the log.
  const message = refused.endpoint.namedBy === "bento" ? undefined : headers["x-error-message"];
  const said = message === undefined ? "" : `: ${message.slice(0, MAX_SAID)}`;
  const page = `${refused.endpoint.address}/${refused.repository}`;
  if (status === 401 || status === 403) {
    return new Failure("auth", `${page} refused access (HTTP ${status})${said}`, { hint: authHint(page, refused) });
  }
  if (status === 404) {
    return new Failure("bento", `${printUrl(url)} does not exist (HTTP 404)${said}`, {
      code: "ModelMissing",
      hint: "The repository or that commit of it was removed or renamed since the Bento was built.",
    });
  }
  if (status === 429) {
    const wait = Number.parseInt(headers["retry-after"] ?? "", 10);
    return new HubRateLimit(`${page} limits the rate of requests (HTTP 429)`, Number.isNaN(wait) ? undefined : wait);
  }
  return new Failure("network", `${printUrl(url)} answered HTTP ${status}${said}`, { code: String(status) });
}

function authHint(page: string, { endpoint: { address, namedBy, login }, hasToken }: Refused): string {
  if (namedBy === "bento") {
    return `Only the Bento names ${address}, so no login was sent there. If it may have HF_TOKEN or a login, set HF_ENDPOINT=${address}.`;
  }
  if (login !== undefined) return "The login in HF_ENDPOINT was sent, and HF_TOKEN was not.";
  const gated = `For a gated repository, its terms must be accepted at ${page} by the token's owner.`;
  return hasToken
    ? `The token in HF_TOKEN may not read this repository, or it does not exist. ${gated}`
    : `Set HF_TOKEN in the step's \`env\` to a token that may read it (the Hub also says 401 of what does not exist). ${gated}`;
}

/** Without login and query: that of a storage is a signature, which is as good as a login. */
export function printUrl({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}
