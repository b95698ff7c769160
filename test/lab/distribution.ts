/** A registry of a test's own: the distribution that the lab has, as a process. */
import { spawn } from "node:child_process";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface Distribution {
  /** Its access log. */
  readonly log: string;
  /** Where it keeps what was pushed. */
  readonly storage: string;
  stop(): Promise<void>;
}

interface Settings {
  /** `host:port` to listen at, and further settings of the section `http`. */
  readonly http: Readonly<Record<string, unknown>> & { readonly addr: string };
  readonly auth: Readonly<Record<string, unknown>>;
}

/**
 * Starts it; whoever needs it waits until it answers.
 * @param directory for storage, configuration and log; the caller removes it.
 * @see https://distribution.github.io/distribution/about/configuration/
 */
export async function startDistribution(
  directory: string,
  { http, auth }: Settings,
  env: Readonly<Record<string, string>>,
): Promise<Distribution> {
  const [log, storage] = [join(directory, "log"), join(directory, "storage")];
  const config = join(directory, "registry.json");
  const settings = { version: "0.1", storage: { filesystem: { rootdirectory: storage } }, http, auth };
  await writeFile(config, JSON.stringify(settings));
  const file = await open(log, "w");
  const child = spawn("docker-registry", ["serve", config], { stdio: ["ignore", file.fd, "ignore"], env });
  await file.close();
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    log,
    storage,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
