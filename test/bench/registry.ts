import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../lab/port.ts";
import { readTraffic, type Traffic } from "./traffic.ts";

const PATIENCE_MS = 10_000;
/** A request is in the log a little after its answer has come. */
const LOG_DELAY_MS = 100;

export interface OwnRegistry extends AsyncDisposable {
  readonly host: string;
  /** Where it keeps everything. */
  readonly data: string;
  /** What it was asked and given until now, by anyone. */
  traffic(): Promise<Traffic>;
}

/** A real registry (Debian's docker-registry) that is empty at first and gone at the end, unlike the lab's own. */
export async function openRegistry(place: string, env: Readonly<Record<string, string>>): Promise<OwnRegistry> {
  const directory = await mkdtemp(join(place, "registry-"));
  const data = join(directory, "data");
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(directory, "config.json");
  await writeFile(
    config,
    JSON.stringify({
      version: "0.1",
      log: { level: "error" },
      storage: { filesystem: { rootdirectory: data } },
      http: { addr: host },
    }),
  );
  const logPath = join(directory, "log");
  await using log = await open(logPath, "a");
  const server = spawn("docker-registry", ["serve", config], { env, stdio: ["ignore", log.fd, log.fd] });
  const gone = once(server, "close");
  const close = async (): Promise<void> => {
    server.kill();
    await gone;
    await rm(directory, { recursive: true });
  };
  try {
    await untilReady(host);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    host,
    data,
    async traffic() {
      await sleep(LOG_DELAY_MS);
      return readTraffic(logPath, data);
    },
    [Symbol.asyncDispose]: close,
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
