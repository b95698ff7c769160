import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Client, call, classicClient, client, sweep } from "./client.ts";
import type { EngineName } from "./engines.ts";
import { halt, haltDaemon, removeLibpodContainers, unmountAll } from "./halt.ts";
import { locked } from "./lock.ts";
import { type Memory, recall, remember, settingOf } from "./memory.ts";
import { type Places, places } from "./places.ts";
import { builderContainer, builderName, type Setting } from "./setting.ts";
import { up } from "./up.ts";

/** Empties an engine: its containers, images and build cache. The registry keeps what was pushed. */
export async function wipe(engine: EngineName | "all", at: Places = places()): Promise<void> {
  const memory = recall(at);
  const setting = settingOf(at, memory);
  if (setting === undefined) throw new Error("the lab is not up");
  await locked(join(at.lab, "lock"), () =>
    engine === "all" ? wipeAll(setting, memory) : wipers[engine](setting, memory),
  );
  const { failures } = await up(at); // starts again what was stopped
  if (failures.length > 0) throw new Error(failures.join("\n"));
}

const wipers: Readonly<Record<EngineName, (setting: Setting, memory: Memory) => Promise<void>>> = {
  docker: (setting) => wipeDocker(client(setting)),
  classic: (setting) => wipeDocker(classicClient(setting)),
  buildx: (setting) =>
    call(client(setting), ["docker", "buildx", "prune", "--builder", builderName, "--all", "--force"]),
  nerdctl: async (setting) => {
    const here = client(setting);
    await sweep(here, ["nerdctl", "ps", "--all", "--quiet"], ["nerdctl", "rm", "--force"]);
    await call(here, ["buildctl", "--addr", here.env["LAB_NERDCTL_BUILDKIT_HOST"] ?? "", "prune", "--all"]);
    await sweep(here, ["nerdctl", "images", "--all", "--quiet", "--no-trunc"], ["nerdctl", "rmi", "--force"]);
  },
  buildctl: async (setting, memory) => {
    await haltDaemon(setting, memory, "buildkitd");
    await unmountAll(setting.places, ["buildkitd"]);
    discard(setting.places, ["buildkitd"]);
  },
  podman: (setting) => wipeLibpod(setting, ["podman"]),
  /** Both stores: its own and the one it shares with podman by default. */
  buildah: (setting) => wipeLibpod(setting, ["buildah", "podman"]),
};

async function wipeAll(setting: Setting, memory: Memory): Promise<void> {
  await halt(setting, memory, ["registry"]);
  discard(setting.places, ["docker", "classic", "containerd", "nerdctl", "buildx", "buildkitd", "buildkitd-nerdctl"]);
  discard(setting.places, ["podman", "buildah"]);
  delete memory.builder;
  remember(setting.places, memory);
}

async function wipeLibpod(setting: Setting, stores: readonly string[]): Promise<void> {
  await removeLibpodContainers(setting);
  await unmountAll(setting.places, stores);
  discard(setting.places, stores);
}

/** All but buildx's builder, which is a container here. */
async function wipeDocker(docker: Client): Promise<void> {
  const containers = ["docker", "ps", "--all", "--format", "{{.ID}} {{.Names}}"] as const;
  await sweep(docker, containers, ["docker", "rm", "--force"], builderContainer);
  await call(docker, ["docker", "builder", "prune", "--all", "--force"]);
  const images = ["docker", "images", "--no-trunc", "--format", "{{.ID}} {{.Repository}}"] as const;
  await sweep(docker, images, ["docker", "rmi", "--force"], "moby/buildkit");
}

/** Takes data roots away in no time and lets them be deleted behind everybody's back: unpacked images are many thousand files. */
function discard({ lab, state, run }: Places, folders: readonly string[]): void {
  mkdirSync(join(lab, "trash"), { recursive: true });
  const trash = mkdtempSync(join(lab, "trash/"));
  for (const folder of folders) {
    if (existsSync(join(state, folder))) renameSync(join(state, folder), join(trash, folder));
    rmSync(join(run, folder), { recursive: true, force: true });
  }
  // Should anything still be mounted in there, it is not ours to delete.
  spawn("rm", ["--recursive", "--force", "--one-file-system", trash], { detached: true, stdio: "ignore" }).unref();
}
