import type { Env, Machine } from "../machine/machine.ts";

/** The command prefix that runs a command as root. */
export type Sudo = readonly [string, ...string[]];

/** Variables of the step that a daemon may need; the values may contain a proxy's password. */
const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
const CERTIFICATES = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/** The sudo command, with the environment's proxies preserved; undefined if sudo is missing or asks for a password. */
export async function findSudo({ env, processes }: Pick<Machine, "env" | "processes">): Promise<Sudo | undefined> {
  const sudo = await processes.which("sudo");
  if (sudo === undefined) return undefined;
  const names = PROXIES.filter((name) => Boolean(env[name]));
  const flags = ["-n", ...(names.length === 0 ? [] : [`--preserve-env=${names.join(",")}`])];
  const { code } = await processes.capture({ tool: sudo, args: [...flags, "true"] });
  return code === 0 ? [sudo, ...flags] : undefined;
}

/**
 * A command that runs as root. Its environment has only these variables, the proxies that sudo preserves, and the paths of
 * certificates. The variables are on the command line, because sudo sets PATH itself and never sees TMPDIR (ld.so(8),
 * secure-execution mode). Every user can read the command line, so they must not be secrets.
 */
export function asRoot(
  sudo: Sudo,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
  env: Env,
): { readonly argv: Sudo; readonly env: Env } {
  const certificates = CERTIFICATES.flatMap((name) => (env[name] ? [`${name}=${env[name]}`] : []));
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return {
    argv: [...sudo, "env", ...certificates, ...assignments, ...command],
    env: Object.fromEntries(["PATH", ...PROXIES].map((name) => [name, env[name]])),
  };
}
