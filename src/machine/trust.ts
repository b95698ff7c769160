import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../errors.ts";
import type { Env } from "./machine.ts";

/** OpenSSL's error codes for a server certificate without a trusted root. */
const UNTRUSTED = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** Whether the connection might succeed with other trusted CAs. */
export function isUntrusted(error: unknown): boolean {
  return UNTRUSTED.has(errorCode(error));
}

/**
 * The directories in which docker, podman and buildah look for the CAs of a registry, `<directory>/<host[:port]>/*.crt`.
 * @see https://docs.docker.com/engine/security/certificates/
 * @see https://github.com/containers/image/blob/main/docs/containers-certs.d.5.md
 */
function certificateDirectories(env: Env): readonly string[] {
  const home = env["HOME"];
  const own =
    home === undefined ? [] : [join(home, ".config/docker/certs.d"), join(home, ".config/containers/certs.d")];
  return ["/etc/docker/certs.d", "/etc/containers/certs.d", ...own];
}

/** CAs (PEM) that the machine's engines trust for this host in addition to the public ones; empty for most hosts. */
export async function registryRoots(env: Env, host: string): Promise<readonly string[]> {
  const roots: string[] = [];
  for (const directory of certificateDirectories(env)) {
    const names = await readdir(join(directory, host)).catch(() => []);
    for (const name of names.filter((entry) => entry.endsWith(".crt")).sort()) {
      roots.push(await readFile(join(directory, host, name), "utf8"));
    }
  }
  return roots;
}
