import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lines, run, succeeds } from "./command.ts";
import { locked } from "./lock.ts";
import type { Places } from "./places.ts";

/** What the machine was like before the first lab came up. */
interface Before {
  forwarding: string;
  binfmtMounted: boolean;
  arm64Emulated: boolean;
  namespacesMounted: boolean;
  chains: readonly string[];
}

const forwarding = "/proc/sys/net/ipv4/ip_forward";
const binfmt = "/proc/sys/fs/binfmt_misc";
const namespaces = "/run/netns";
const emulator = join(binfmt, "qemu-aarch64");
const tables = ["nat", "filter", "mangle"] as const;

/** Names this checkout as a user of the machine and prepares what all labs share. */
export function joinMachine(places: Places): Promise<void> {
  return locked(join(places.machine, "lock"), async () => {
    const note = join(places.machine, "before.json");
    if (!existsSync(note)) writeFileSync(note, JSON.stringify(await survey()));
    mkdirSync(places.run, { recursive: true });
    writeFileSync(join(places.run, "checkout"), places.lab);
    writeFileSync(forwarding, "1");
  });
}

/** Forgets this checkout; the last one to go leaves the machine as the first one found it. */
export function leaveMachine(places: Places): Promise<void> {
  return locked(join(places.machine, "lock"), async () => {
    rmSync(places.run, { recursive: true, force: true });
    const note = join(places.machine, "before.json");
    if (otherLabs(places).length > 0 || !existsSync(note)) return;
    await restore(JSON.parse(readFileSync(note, "utf8")) as Before);
    rmSync(note);
  });
}

/** Lets the kernel run arm64 programs through qemu, in every container (flag F: the interpreter is opened now, out here). */
export function emulateArm64(places: Places): Promise<void> {
  return locked(join(places.machine, "lock"), async () => {
    if (existsSync(emulator)) return;
    if (!existsSync(join(binfmt, "register"))) await run(["mount", "-t", "binfmt_misc", "binfmt_misc", binfmt]);
    await run(["update-binfmts", "--enable", "qemu-aarch64"]);
    if (!existsSync(emulator)) throw new Error("update-binfmts ended well but qemu-aarch64 is not registered");
  });
}

function otherLabs(places: Places): string[] {
  return readdirSync(places.machine).filter((name) => {
    const note = join(places.machine, name, "checkout");
    return existsSync(note) && existsSync(readFileSync(note, "utf8"));
  });
}

async function survey(): Promise<Before> {
  return {
    forwarding: readFileSync(forwarding, "utf8").trim(),
    binfmtMounted: existsSync(join(binfmt, "register")),
    arm64Emulated: existsSync(emulator),
    namespacesMounted: await succeeds(["mountpoint", "--quiet", namespaces]),
    chains: (await Promise.all(tables.map(chainsOf))).flat(),
  };
}

async function chainsOf(table: string): Promise<string[]> {
  const saved = await lines(["iptables-save", "--table", table]);
  return saved.flatMap((line) => /^:(\S+)/.exec(line)?.[1] ?? []).map((chain) => `${table} ${chain}`);
}

async function restore(before: Before): Promise<void> {
  for (const table of tables) await dropChains(table, new Set(before.chains));
  writeFileSync(forwarding, before.forwarding);
  if (!before.arm64Emulated && existsSync(emulator)) await succeeds(["update-binfmts", "--disable", "qemu-aarch64"]);
  // podman mounts it to share it. umount refuses while somebody's namespace is in there.
  if (!before.namespacesMounted) await succeeds(["umount", namespaces]);
  if (!before.binfmtMounted && existsSync(join(binfmt, "register"))) await succeeds(["umount", binfmt]);
}

/** Network plugins leave their empty chains behind: netavark NETAVARK*, CNI CNI-*. Those that were not there before go, with the rules that name them. */
async function dropChains(table: string, before: ReadonlySet<string>): Promise<void> {
  const saved = await lines(["iptables-save", "--table", table]);
  const leftover = (chain: string) => /^(NETAVARK|CNI-)/.test(chain) && !before.has(`${table} ${chain}`);
  const kept = saved.filter((line) => !line.split(/[\s:]+/).some(leftover));
  if (kept.length < saved.length)
    await run(["iptables-restore", "--wait", "--table", table], { input: `${kept.join("\n")}\n` });
}
