import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildahClient, type Client, call, classicClient, client, sweep } from "./client.ts";
import { type Argv, run, succeeds } from "./command.ts";
import { stop } from "./daemon.ts";
import { type DaemonName, endingOrder } from "./daemons.ts";
import { type Memory, remember } from "./memory.ts";
import type { Places } from "./places.ts";
import { tell } from "./progress.ts";
import { builderContainer, type Setting } from "./setting.ts";

/** Ends all containers, all daemons except those to keep, and whatever they left running or mounted. */
export async function halt(setting: Setting, memory: Memory, keep: readonly DaemonName[] = []): Promise<void> {
  await endContainers(setting);
  for (const row of endingOrder)
    await Promise.all(row.filter((name) => !keep.includes(name)).map((name) => haltDaemon(setting, memory, name)));
  endStragglers(setting.places);
  await unmountAll(setting.places);
}

/** Ends one daemon and forgets it. */
export async function haltDaemon({ places }: Setting, memory: Memory, name: DaemonName): Promise<void> {
  const started = memory.daemons[name];
  if (started !== undefined) await stop(started);
  delete memory.daemons[name];
  remember(places, memory);
}

/** Removes the containers of podman and of both buildah stores. */
export async function removeLibpodContainers(setting: Setting): Promise<void> {
  if (!existsSync(join(setting.places.bin, "podman"))) return;
  await call(client(setting), ["podman", "rm", "--all", "--force", "--time", "0"]);
  await call(client(setting), ["buildah", "rm", "--all"]);
  await call(buildahClient(setting), ["buildah", "rm", "--all"]);
}

/** dockerd would wait 10 s for each container that does not hear SIGTERM; nerdctl and podman have no daemon that ends theirs. */
async function endContainers(setting: Setting): Promise<void> {
  const list: Argv = ["docker", "ps", "--format", "{{.ID}} {{.Names}}"];
  const kill = (docker: Client) => sweep(docker, list, ["docker", "kill"], builderContainer);
  const ends = await Promise.allSettled([
    kill(client(setting)),
    kill(classicClient(setting)),
    sweep(client(setting), ["nerdctl", "ps", "--all", "--quiet"], ["nerdctl", "rm", "--force"]),
    removeLibpodContainers(setting),
  ]);
  for (const end of ends) if (end.status === "rejected") tell(`containers: ${end.reason}`);
}

/** Shims and monitors outlive a daemon that died. They are known by this lab's paths in their arguments. */
function endStragglers(at: Places): void {
  const kinds = ["containerd-shim-runc-v2", "conmon", "docker-proxy"];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const words = commandLine(pid);
    if (!kinds.includes(words[0]?.split("/").at(-1) ?? "")) continue;
    if (!words.some((word) => word.includes(`${at.run}/`) || word.includes(`${at.lab}/`))) continue;
    tell(`ending left-over ${words[0]} (pid ${pid})`);
    process.kill(Number(pid), "SIGKILL");
  }
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return []; // ended meanwhile
  }
}

/** Takes away the mounts below the lab's folders, or below these of its data roots. */
export async function unmountAll({ state, run: sockets }: Places, folders: readonly string[] = [""]): Promise<void> {
  const below = folders.flatMap((folder) => [`${join(state, folder)}/`, `${join(sockets, folder)}/`]);
  const mounted = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => (line.split(" ")[4] ?? "").replaceAll("\\040", " "))
    .filter((path) => below.some((prefix) => `${path}/`.startsWith(prefix)));
  for (const path of mounted.reverse()) {
    if (await succeeds(["umount", path])) continue;
    await run(["umount", "--lazy", path]).catch((error: Error) => tell(error.message));
  }
}
