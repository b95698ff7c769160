import { Failure } from "../../errors.ts";
import type { Repository } from "../../oci/reference.ts";
import { type Challenge, parseChallenges } from "./challenge.ts";
import type { Credentials } from "./credentials.ts";
import { type Access, type Grant, type LoginEndpoint, logIn, scopesOf, type TokenMachine } from "./token.ts";

/** The logins of a run. */
export interface Authorizer {
  /** The grant for this access if the registry is known to require one; renewed when it is about to expire. */
  current(access: Access): Promise<Grant | undefined>;
  /**
   * A new grant, after the registry answered 401 with this `WWW-Authenticate` header to a request with `refused`. If there
   * are no other credentials, its header is the same; the caller then sends it once more only.
   */
  login(access: Access, registry: URL, header: string, refused: Grant | undefined): Promise<Grant>;
}

/** Milliseconds: a grant that expires sooner is renewed before it is used. */
const MARGIN = 10_000;

export function openAuthorizer(machine: TokenMachine, credentials: Credentials): Authorizer {
  const endpoints = new Map<string, LoginEndpoint>();
  const grants = new Map<string, Promise<Grant>>();

  /** Combines simultaneous logins: a later caller gets the grant that replaced the stale one. */
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
      const cached = grants.get(keyOf(access)) ?? grants.get(keyOf({ ...access, write: true }));
      const grant = await cached;
      if (grant !== undefined && grant.expires - MARGIN > machine.now().getTime()) return grant;
      const endpoint = endpoints.get(access.repository.domain);
      return endpoint && renew(access, endpoint, cached, grant);
    },
    async login(access, registry, header, refused) {
      const cached = grants.get(keyOf(access));
      const grant = await cached;
      if (grant !== undefined && grant.header !== refused?.header) return grant;
      const endpoint = { challenge: chooseChallenge(header, access.repository), registry };
      endpoints.set(access.repository.domain, endpoint);
      return renew(access, endpoint, cached, refused);
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
  throw new Failure("auth", `${domain} requires a login scheme that is not supported (offered: ${offered}).`, {
    code: "SchemeUnknown",
  });
}
