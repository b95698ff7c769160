/** A view of the machine in which user namespaces are forbidden, and a user may become root by sudo; nobody else sees it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface RestrictedView {
  /** Words before a command, which then has the view. */
  readonly as: readonly string[];
  /** What is mounted in it, as in proc_pid_mountinfo(5). */
  mounts(): Promise<string>;
  close(): Promise<void>;
}

/** Mounts of its own mount namespace, which lasts as long as the process. */
const VIEW = [
  'mount --bind "$0/sudoers.d" /etc/sudoers.d',
  'mount --bind "$0/no-namespaces" /proc/sys/user/max_user_namespaces',
  "echo ready; exec sleep infinity",
].join("\n");

/** @param rules of sudoers(5). */
export async function openRestrictedView(rules: string): Promise<RestrictedView> {
  const directory = await mkdtemp(join(tmpdir(), "bento-image-view-"));
  await mkdir(join(directory, "sudoers.d"));
  await writeFile(join(directory, "sudoers.d/rules"), `${rules}\n`, { mode: 0o440 });
  await writeFile(join(directory, "no-namespaces"), "0\n");
  const holder = spawn("unshare", ["--mount", "bash", "-ec", VIEW, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  return {
    as: ["nsenter", `--mount=/proc/${holder.pid}/ns/mnt`],
    mounts: () => readFile(`/proc/${holder.pid}/mountinfo`, "utf8"),
    async close() {
      holder.kill("SIGKILL");
      await once(holder, "exit");
      await rm(directory, { recursive: true });
    },
  };
}
