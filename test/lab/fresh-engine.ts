/** Engines that nothing was built by yet: what a wiped one is, without taking anything from others. */
import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BackendName, Lab } from "./backends.ts";
import { until } from "./ready.ts";
import type { Inputs } from "./runner.ts";

const execute = promisify(execFile);

export interface FreshEngine {
  /** What leads an action to it. */
  readonly inputs: Inputs;
  readonly env: Readonly<Record<string, string>>;
}

export interface FreshEngines {
  start(name: Exclude<BackendName, "docker">): Promise<FreshEngine>;
  /** Ends them all, and removes what they hold. */
  close(): Promise<void>;
}

/** @param env of the tools that will use them; docker's client keeps there which builders it has. */
export async function openFreshEngines(
  { env: own, registry }: Lab,
  env: NodeJS.ProcessEnv = own,
): Promise<FreshEngines> {
  const scratch = await mkdtemp(join(tmpdir(), "bento-image-engines-"));
  const ends: (() => Promise<unknown>)[] = [];

  /** A buildkitd of its own root and socket; gives its address. */
  async function startBuildkitd(directory: string): Promise<string> {
    const socket = join(directory, "s");
    const config = join(directory, "buildkitd.toml");
    const registries = `[registry."docker.io"]\nmirrors = ["${registry}"]\n[registry."${registry}"]\nhttp = true\n`;
    await writeFile(config, `[otel]\nsocketPath = ${JSON.stringify(join(directory, "otel"))}\n${registries}`);
    const args = ["--config", config, "--root", join(directory, "root"), "--addr", `unix://${socket}`];
    const daemon = spawn("buildkitd", args, { env: own, stdio: "ignore" });
    const ended = new Promise((done) => daemon.once("exit", done));
    ends.push(async () => {
      daemon.kill("SIGTERM");
      await ended;
    });
    const ask = () => execute("buildctl", ["--addr", `unix://${socket}`, "debug", "workers"], { env: own });
    await until("buildkitd", () =>
      ask().then(
        () => true,
        () => false,
      ),
    );
    return `unix://${socket}`;
  }

  return {
    async start(name) {
      const directory = await mkdtemp(join(scratch, `${name}-`));
      if (name === "podman" || name === "buildah") {
        const config = join(directory, "storage.conf");
        const place = (kind: string): string => `${kind} = ${JSON.stringify(join(directory, kind))}\n`;
        await writeFile(config, `[storage]\ndriver = "overlay"\n${place("graphroot")}${place("runroot")}`);
        return { inputs: {}, env: { CONTAINERS_STORAGE_CONF: config } };
      }
      const address = await startBuildkitd(directory);
      if (name !== "buildx") return { inputs: { builder: address }, env: {} };
      const builder = `fresh-${randomUUID()}`;
      await execute("docker", ["buildx", "create", "--name", builder, "--driver", "remote", address], { env });
      ends.push(() => execute("docker", ["buildx", "rm", builder], { env }));
      return { inputs: { builder }, env: {} };
    },
    async close() {
      for (const end of ends.toReversed()) await end();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}
