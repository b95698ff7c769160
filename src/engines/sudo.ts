import type { Env, Machine } from "../machine/machine.ts";

/** The words before a command that make it root's. */
export type Sudo = readonly [string, ...string[]];

/** What a daemon may need of the step's environment besides places; values may hold a proxy's password. */
const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
const CERTIFICATES = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/** A sudo that asks for no password here, and lets the proxies of the environment through; undefined where there is none. */
export async function findSudo({ env, processes }: Pick<Machine, "env" | "processes">): Promise<Sudo | undefined> {
  const sudo = await processes.which("sudo");
  if (sudo === undefined) return undefined;
  const names = PROXIES.filter((name) => Boolean(env[name]));
  const words = ["-n", ...(names.length === 0 ? [] : [`--preserve-env=${names.join(",")}`])];
  const { code } = await processes.capture({ tool: sudo, args: [...words, "true"] });
  return code === 0 ? [sudo, ...words] : undefined;
}

/**
 * A command of root's, which gets nothing of the step's environment but these variables, the proxies that sudo lets
 * through, and the places of certificates. Variables are on the command line for everybody to read, as sudo sets PATH
 * itself and never gets to see TMPDIR (ld.so(8), secure-execution mode): no secrets.
 */
export function asRoot(
  sudo: Sudo,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
  env: Env,
): { readonly argv: Sudo; readonly env: Env } {
  const places = CERTIFICATES.flatMap((name) => (env[name] ? [`${name}=${env[name]}`] : []));
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return {
    argv: [...sudo, "env", ...places, ...words, ...command],
    env: Object.fromEntries(["PATH", ...PROXIES].map((name) => [name, env[name]])),
  };
}
