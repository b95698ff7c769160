import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../lab/port.ts";

const PATIENCE_MS = 10_000;

export interface OwnRegistry extends AsyncDisposable {
  readonly host: string;
}

/** A real registry (Debian's docker-registry) that is empty at first and gone at the end, unlike the lab's own. */
export async function openRegistry(place: string, env: Readonly<Record<string, string>>): Promise<OwnRegistry> {
  const directory = join(place, "registry");
  await mkdir(directory);
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(directory, "config.json");
  await writeFile(
    config,
    JSON.stringify({
      version: "0.1",
      log: { level: "error", accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(directory, "data") } },
      http: { addr: host },
    }),
  );
  const server = spawn("docker-registry", ["serve", config], { env, stdio: "ignore" });
  const gone = once(server, "close");
  await untilReady(host);
  return {
    host,
    async [Symbol.asyncDispose]() {
      server.kill();
      await gone;
      await rm(directory, { recursive: true });
    },
  };
}

async function untilReady(host: string): Promise<void> {
  for (const started = Date.now(); Date.now() - started < PATIENCE_MS; await sleep(50)) {
    const ready = await fetch(`http://${host}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
  }
  throw new Error(`no registry came up at ${host}`);
}
