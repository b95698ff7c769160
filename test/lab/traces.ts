/** What an engine of the action's own may leave behind on the machine. */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Network interfaces; those of the lab itself and of containers come and go with the tests of others. */
export async function networkLinks(): Promise<readonly string[]> {
  const { stdout } = await run("ip", ["-brief", "link"]);
  const names = stdout.split("\n").map((line) => line.split(/[ @]/)[0] ?? "");
  return names.filter((name) => !/^(?:veth|bi[0-9a-f]{8}[a-z]$)/.test(name)).sort();
}

/** Containers, volumes, mounts, sockets and processes that carry the name. @param env with the lab's docker. */
export async function tracesOf(name: string, env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const docker = async (...args: readonly string[]) => (await run("docker", [...args], { env })).stdout;
  const texts = [
    await docker("ps", "--all", "--format", "container {{.Names}}"),
    await docker("volume", "ls", "--format", "volume {{.Name}}"),
    ...(await Promise.all(["/proc/self/mountinfo", "/proc/net/unix"].map((path) => readFile(path, "utf8")))),
  ];
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const parts = pids.flatMap((pid) => ["cmdline", "environ"].map((part) => `/proc/${pid}/${part}`));
  // Processes end while they are looked at.
  for (const path of parts)
    texts.push(`${path} ${(await readFile(path, "utf8").catch(() => "")).replaceAll("\0", " ")}`);
  return texts.flatMap((text) => text.split("\n")).filter((line) => line.includes(name));
}
