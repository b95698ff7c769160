import { Failure } from "../../errors.ts";
import type { Repository } from "../../oci/reference.ts";
import { type Challenge, parseChallenges } from "./challenge.ts";
import type { Credentials } from "./credentials.ts";
import { type Access, type Grant, type LoginEndpoint, logIn, scopesOf, type TokenMachine } from "./token.ts";

/** Who is logged in where. */
export interface Authorizer {
  /** The grant for this access if the registry is known to want one, renewed when it is about to end. */
  current(access: Access): Promise<Grant | undefined>;
  /**
   * Another grant, after the registry answered 401 and this `WWW-Authenticate` header to a request with `refused`. It has
   * the same header where nothing else is known: to be sent once more, and not again.
   */
  login(access: Access, registry: URL, header: string, refused: Grant | undefined): Promise<Grant>;
}

/** A grant that ends sooner than this is renewed first, in milliseconds. */
const MARGIN = 10_000;

export function openAuthorizer(machine: TokenMachine, credentials: Credentials): Authorizer {
  const doors = new Map<string, LoginEndpoint>();
  const grants = new Map<string, Promise<Grant>>();

  /** Simultaneous logins become one: who comes later finds another grant than the stale one. */
  function renew(
    access: Access,
    endpoint: LoginEndpoint,
    stale: Promise<Grant> | undefined,
    before?: Grant,
  ): Promise<Grant> {
    const key = keyOf(access);
    const latest = grants.get(key);
    if (latest !== undefined && latest !== stale) return latest;
    const grant = logIn(machine, credentials, access, endpoint, before);
    grants.set(key, grant);
    grant.catch(() => grants.get(key) === grant && grants.delete(key));
    return grant;
  }

  return {
    async current(access) {
      const known = grants.get(keyOf(access)) ?? grants.get(keyOf({ ...access, write: true }));
      const grant = await known;
      if (grant !== undefined && grant.expires - MARGIN > machine.now().getTime()) return grant;
      const endpoint = doors.get(access.repository.domain);
      return endpoint && renew(access, endpoint, known, grant);
    },
    async login(access, registry, header, refused) {
      const known = grants.get(keyOf(access));
      const grant = await known;
      if (grant !== undefined && grant.header !== refused?.header) return grant;
      const endpoint = { challenge: chooseChallenge(header, access.repository), registry };
      doors.set(access.repository.domain, endpoint);
      return renew(access, endpoint, known, refused);
    },
  };
}

function keyOf(access: Access): string {
  return [access.repository.domain, ...scopesOf(access)].join(" ");
}

function chooseChallenge(header: string, { domain }: Repository): Challenge {
  const challenges = parseChallenges(header);
  const chosen =
    challenges.find(({ scheme }) => scheme === "bearer") ?? challenges.find(({ scheme }) => scheme === "basic");
  if (chosen !== undefined) return chosen;
  const offered = challenges.map(({ scheme }) => scheme).join(", ") || "none";
  throw new Failure("auth", `${domain} wants a login of a kind that is not known here (offered: ${offered}).`, {
    code: "SchemeUnknown",
  });
}
