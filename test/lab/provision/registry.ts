import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { registryConfig } from "../config/registry.ts";
import { answers, until } from "../ready.ts";

interface Service {
  storage: string;
  port: number;
  config: string;
}

/** Serves a registry's storage on a loopback port while `work` runs. */
export async function serveWhile({ storage, port, config }: Service, work: () => Promise<void>): Promise<void> {
  mkdirSync(storage, { recursive: true });
  writeFileSync(config, registryConfig(storage, port));
  const server = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
  const ended = once(server, "close");
  try {
    await until("temporary registry", () => answers(`http://127.0.0.1:${port}/v2/`));
    await work();
  } finally {
    server.kill("SIGTERM");
    await ended;
  }
}
