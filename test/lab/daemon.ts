import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { type Argv, hostEnvironment } from "./command.ts";
import type { Started } from "./memory.ts";
import type { Places } from "./places.ts";
import { until } from "./ready.ts";

/** A daemon of the lab. */
export interface Daemon {
  name: string;
  argv: Argv;
  /** Its configuration file; when that or the program changes, the daemon is started anew. */
  config: string;
  ready(): Promise<boolean>;
}

/** Makes sure the daemon runs with today's program and configuration. */
export async function ensureStarted(places: Places, daemon: Daemon, before?: Started): Promise<Started> {
  const identity = identify(daemon);
  if (before !== undefined && alive(before)) {
    if (before.identity === identity) return before;
    await stop(before);
  }
  const [program, ...args] = daemon.argv;
  const log = openSync(join(places.log, `${daemon.name}.log`), "w");
  const child = spawn(program, args, {
    cwd: "/",
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...hostEnvironment(), PATH: `${places.bin}:${process.env["PATH"]}` },
  });
  closeSync(log);
  const failed = new Promise<never>((_, fail) => {
    child.once("error", fail);
    child.once("exit", (code, signal) =>
      fail(new Error(`ended at once with ${signal ?? code}: ${tail(places, daemon)}`)),
    );
  });
  await Promise.race([until(daemon.name, daemon.ready), failed]);
  child.removeAllListeners();
  child.unref();
  const pid = child.pid ?? 0;
  return { pid, since: startTime(pid) ?? "", identity };
}

/** Whether the very process that was started still runs. */
export function alive({ pid, since }: Started): boolean {
  return startTime(pid) === since;
}

/** Ends a daemon: SIGTERM, and SIGKILL if that was not heard. */
export async function stop(started: Started): Promise<void> {
  const ended = async () => !alive(started);
  if (await ended()) return;
  process.kill(started.pid, "SIGTERM");
  await until(`end of pid ${started.pid}`, ended, 20).catch(() => process.kill(started.pid, "SIGKILL"));
  await until(`death of pid ${started.pid}`, ended, 5);
}

function identify({ argv, config }: Daemon): string {
  const parts = [realpathSync(argv[0]), ...argv.slice(1), readFileSync(config, "utf8")];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** Field 22 of /proc/PID/stat (proc(5)); nothing for a process that is gone or a zombie. */
function startTime(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function tail(places: Places, { name }: Daemon): string {
  return readFileSync(join(places.log, `${name}.log`), "utf8")
    .trim()
    .split("\n")
    .slice(-3)
    .join("\n");
}
