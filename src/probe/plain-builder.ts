import type { BuilderKeys } from "../backends/backend.ts";

/** A port of this machine: a daemon here, or the near end of a tunnel. */
const LOOPBACK = /^tcp:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?::|\/|$)/;

/**
 * What is to be said of builders that are reached by plain TCP: nothing proves who answers, and whoever is on the way
 * reads the secrets of the build and changes the image. A sentence each.
 * @param builder as in the input: a name, an address, or several, one a line.
 */
export function warnOfPlain(builder: string | undefined, keys: BuilderKeys | undefined): readonly string[] {
  if (builder === undefined || keys !== undefined) return [];
  const addresses = builder.split("\n").map((line) => line.trim().split(/\s/)[0] ?? "");
  return addresses
    .filter((address) => address.startsWith("tcp://") && !LOOPBACK.test(address))
    .map(
      (address) =>
        `The way to the builder ${address} is neither encrypted nor authenticated: whoever is on it can read the build's secrets and change the image. Give builder-ca, builder-cert and builder-key, or use ssh://.`,
    );
}
