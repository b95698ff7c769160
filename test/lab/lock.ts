import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Does `work` while holding an exclusive lock on `file`.
 * Node has no flock(2). util-linux's `flock` holds it for us, around a `cat` that ends with our end of the pipe:
 * so the kernel drops the lock even when this process is killed.
 */
export async function locked<T>(file: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const holder = spawn("flock", ["--exclusive", file, "sh", "-c", "echo held; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const failed = once(holder, "error").then(([error]: unknown[]) => {
    throw error;
  });
  await Promise.race([once(holder.stdout, "data"), failed]);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await once(holder, "close");
  }
}
