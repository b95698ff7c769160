import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { disconnectNetworks } from "./bridges.ts";
import { clientEnvironment } from "./client.ts";
import { lines, run, succeeds } from "./command.ts";
import { stop } from "./daemon.ts";
import { endingOrder } from "./daemons.ts";
import { locked } from "./lock.ts";
import { leaveMachine } from "./machine.ts";
import { recall, remember } from "./memory.ts";
import { type Places, places } from "./places.ts";
import { tell } from "./progress.ts";
import type { Setting } from "./setting.ts";

/** Stops everything the lab runs and takes back what it did to the machine. Images and caches stay. */
export async function down(at: Places = places()): Promise<void> {
  const memory = recall(at);
  const { port, subnet } = memory;
  if (port === undefined || subnet === undefined) return;
  const setting: Setting = { places: at, port, subnet };
  await locked(join(at.lab, "lock"), async () => {
    await removeContainers(setting);
    for (const names of endingOrder)
      await Promise.all(
        names.map(async (name) => {
          const started = memory.daemons[name];
          if (started !== undefined) await stop(started);
          delete memory.daemons[name];
          remember(at, memory);
        }),
      );
    await endStragglers(at);
    await unmountAll(at);
    await disconnectNetworks(setting);
    await leaveMachine(at);
  });
}

/** Containers of nerdctl, podman and buildah have no daemon that would end them. */
async function removeContainers(setting: Setting): Promise<void> {
  const env = clientEnvironment(setting);
  const { bin } = setting.places;
  const buildah = { ...env, CONTAINERS_STORAGE_CONF: env["LAB_BUILDAH_STORAGE_CONF"] ?? "" };
  const nerdctl = async () => {
    const containers = await lines([join(bin, "nerdctl"), "ps", "--all", "--quiet"], { env });
    if (containers.length > 0) await succeeds([join(bin, "nerdctl"), "rm", "--force", ...containers], { env });
  };
  const podman = async () => {
    await succeeds([join(bin, "podman"), "rm", "--all", "--force", "--time", "0"], { env });
    await succeeds([join(bin, "buildah"), "rm", "--all"], { env });
  };
  await Promise.all([
    existsSync(join(bin, "nerdctl")) ? nerdctl() : undefined,
    existsSync(join(bin, "podman")) ? podman() : undefined,
    existsSync(join(bin, "buildah")) ? succeeds([join(bin, "buildah"), "rm", "--all"], { env: buildah }) : undefined,
  ]);
}

/** Shims and monitors outlive the daemon they belong to when it died. They are known by this lab's paths in their arguments. */
async function endStragglers(at: Places): Promise<void> {
  const kinds = ["containerd-shim-runc-v2", "conmon", "docker-proxy"];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const [program = "", ...args] = commandLine(pid);
    if (!kinds.includes(program.split("/").at(-1) ?? "")) continue;
    if (![program, ...args].some((word) => word.includes(at.run) || word.includes(`${at.lab}/`))) continue;
    tell(`ending left-over ${program} (pid ${pid})`);
    process.kill(Number(pid), "SIGKILL");
  }
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

async function unmountAll(at: Places): Promise<void> {
  const mounted = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => (line.split(" ")[4] ?? "").replaceAll("\\040", " "))
    .filter((path) => path.startsWith(`${at.state}/`) || path.startsWith(`${at.run}/`));
  for (const path of mounted.reverse()) {
    if (await succeeds(["umount", path])) continue;
    await run(["umount", "--lazy", path]).catch((error: Error) => tell(error.message));
  }
}
