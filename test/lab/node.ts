/** A buildkitd of a test's own that wants a client's certificate, as on another machine. */
import { execFile, spawn } from "node:child_process";
import { mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Lab } from "./backends.ts";
import type { Certificates } from "./certificates.ts";
import { freePort } from "./port.ts";
import { until } from "./ready.ts";

const run = promisify(execFile);

export interface RemoteNode {
  /** `tcp://127.0.0.1:PORT` */
  readonly address: string;
  /** What it said until now. */
  log(): Promise<string>;
  /** Ends it as a machine that goes away does. */
  kill(): Promise<void>;
}

/** @param directory an empty one, for its state; gone when the node is killed. */
export async function startNode({ env, registry }: Lab, directory: string, made: Certificates): Promise<RemoteNode> {
  await mkdir(directory, { recursive: true });
  const address = `tcp://127.0.0.1:${await freePort()}`;
  const config = join(directory, "buildkitd.toml");
  const settings = `root = "${directory}/state"
[grpc]
  address = ["${address}"]
[grpc.tls]
  cert = "${made.server.cert}"
  key = "${made.server.key}"
  ca = "${made.authority.cert}"
[otel]
  socketPath = "${directory}/otel.sock"
[worker.oci]
  enabled = true
[worker.containerd]
  enabled = false
[registry."docker.io"]
  mirrors = ["${registry}"]
[registry."${registry}"]
  http = true
`;
  await writeFile(config, settings);
  const path = join(directory, "log");
  const file = await open(path, "w");
  const child = spawn("buildkitd", ["--config", config, "--debug"], { stdio: ["ignore", "ignore", file.fd], env });
  await file.close();
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const log = (): Promise<string> => readFile(path, "utf8");
  await until(`buildkitd at ${address}`, async () => (await log()).includes("running server on"));
  return {
    address,
    log,
    async kill() {
      child.kill("SIGKILL");
      await ended;
      // What ran in it keeps its mounts.
      const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n").map((line) => line.split(" ")[1] ?? "");
      const own = mounts.filter((place) => place.startsWith(`${directory}/`)).reverse();
      if (own.length > 0) await run("umount", ["--lazy", ...own]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
