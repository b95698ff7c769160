import type { BuilderKeys } from "../backends/backend.ts";

/** A port of this machine: a local daemon, or the local end of a tunnel. */
const LOOPBACK = /^tcp:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?::|\/|$)/;

/**
 * Warnings about builders on plain TCP, one sentence each: nothing proves who answers, and anyone on the network path can
 * read the build's secrets and change the image.
 * @param builder value of the input: a name, or addresses, one per line.
 */
export function warnOfPlain(builder: string | undefined, keys: BuilderKeys | undefined): readonly string[] {
  if (builder === undefined || keys !== undefined) return [];
  const addresses = builder.split("\n").map((line) => line.trim().split(/\s/)[0] ?? "");
  return addresses
    .filter((address) => address.startsWith("tcp://") && !LOOPBACK.test(address))
    .map(
      (address) =>
        `The connection to the builder ${address} is neither encrypted nor authenticated: anyone on the network path can read the build's secrets and change the image. Set builder-ca, builder-cert and builder-key, or use ssh://.`,
    );
}
