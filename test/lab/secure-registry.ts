/** A registry with TLS and a password, for as long as a test lasts. */
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { startDistribution } from "./distribution.ts";
import { freePort } from "./port.ts";

const run = promisify(execFile);
const fixtures = join(import.meta.dirname, "../fixtures/tls");

/** `secret`, as `htpasswd -B` writes it. */
const HTPASSWD = "ada:$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";

type Variables = Readonly<Record<string, string>>;

export interface SecureRegistry {
  /** `localhost:port` */
  readonly host: string;
  /** The lab's, with a home where podman trusts the registry. */
  readonly env: Variables;
  /** `podman login` in that environment. */
  logIn(): Promise<void>;
  /** Lines of its access log that start a request with the method. */
  requests(method: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** @param directory an empty one, for storage, configuration and home; the caller removes it. */
export async function startSecureRegistry(directory: string, lab: Variables): Promise<SecureRegistry> {
  const host = `localhost:${await freePort()}`;
  const htpasswd = join(directory, "htpasswd");
  await writeFile(htpasswd, `${HTPASSWD}\n`);
  const tls = { certificate: join(fixtures, "localhost.crt"), key: join(fixtures, "localhost.key") };
  const auth = { htpasswd: { realm: "lab", path: htpasswd } };
  const { log, stop } = await startDistribution(directory, { http: { addr: host, tls }, auth }, lab);

  const home = join(directory, "home");
  const certificates = join(home, ".config/containers/certs.d", host);
  await mkdir(certificates, { recursive: true });
  await writeFile(join(certificates, "ca.crt"), await readFile(join(fixtures, "localhost.crt")));
  const { DOCKER_CONFIG: _, ...others } = lab;
  const env = { ...others, HOME: home, XDG_RUNTIME_DIR: home };

  return {
    host,
    env,
    async logIn() {
      const args = ["login", `--cert-dir=${certificates}`, "--username=ada", "--password=secret", host];
      await asSoonAsItAnswers(() => run("podman", args, { env }));
    },
    async requests(method) {
      const text = await readFile(log, "utf8");
      return text.split("\n").filter((line) => line.includes(`"${method} `));
    },
    stop,
  };
}

async function asSoonAsItAnswers(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 50; ; tries--) {
    try {
      await work();
      return;
    } catch (error) {
      if (tries === 0) throw error;
      await setTimeout(200);
    }
  }
}
