/** Watches what a piece of work takes of disk and memory while it runs, from outside. */
import { readFileSync } from "node:fs";
import { glob, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const MIB = 1024 * 1024;
const DISK_PERIOD_MS = 150;
const MEMORY_PERIOD_MS = 15;
const SETTLE_PERIOD_MS = 500;
const SETTLE_PATIENCE_MS = 20_000;

/** The file systems that hold `places`, each once, without what `except` holds. */
export interface Disk {
  readonly places: readonly string[];
  readonly except: string;
}

export interface Watch {
  /** Looks after the memory of this process from now on. */
  follow(pid: number): void;
  stop(): Promise<Peaks>;
}

/** In MiB. */
export interface Peaks {
  /** The most that the disk held over what it held at the start. */
  readonly disk: number;
  /** The most that any followed process had resident, as the kernel counted it; NaN when none was followed. */
  readonly memory: number;
}

export async function startWatch(disk: Disk): Promise<Watch> {
  const start = await usedBytes(disk);
  let peak = start;
  const look = async (): Promise<void> => {
    peak = Math.max(peak, await usedBytes(disk));
  };
  const ended = new AbortController();
  const looking = repeat(look, DISK_PERIOD_MS, ended.signal);
  const memory = new Map<number, number>();
  const timer = setInterval(() => {
    for (const [pid, kib] of memory) memory.set(pid, peakOfProcess(pid) ?? kib);
  }, MEMORY_PERIOD_MS);
  return {
    follow: (pid) => void memory.set(pid, Number.NaN),
    async stop() {
      clearInterval(timer);
      ended.abort();
      await looking;
      await look();
      const kib = memory.size === 0 ? Number.NaN : Math.max(...memory.values());
      return { disk: (peak - start) / MIB, memory: kib / 1024 };
    },
  };
}

/** Waits until the disk is quiet: engines delete behind one's back. A busy machine is waited for only so long. */
export async function settle(disk: Disk): Promise<void> {
  let before = await usedBytes(disk);
  for (const started = Date.now(); Date.now() - started < SETTLE_PATIENCE_MS; ) {
    await sleep(SETTLE_PERIOD_MS);
    const now = await usedBytes(disk);
    if (Math.abs(now - before) < MIB) return;
    before = now;
  }
}

/** MiB that are free where there is the least. */
export async function freeMebibytes(places: readonly string[]): Promise<number> {
  const free = await Promise.all(places.map((place) => statfs(place)));
  return Math.min(...free.map(({ bavail, bsize }) => (bavail * bsize) / MIB));
}

async function repeat(look: () => Promise<void>, period: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look();
    await sleep(period, undefined, { signal }).catch(() => undefined);
  }
}

async function usedBytes({ places, except }: Disk): Promise<number> {
  const devices = new Map<number, string>();
  for (const place of places) devices.set((await stat(place)).dev, place);
  // It may grow between two looks: the one at the file systems is in the middle.
  const before = await bytesBelow(except);
  let bytes = 0;
  for (const place of devices.values()) {
    const { blocks, bfree, bsize } = await statfs(place);
    bytes += (blocks - bfree) * bsize;
  }
  return bytes - (before + (await bytesBelow(except))) / 2;
}

async function bytesBelow(directory: string): Promise<number> {
  let bytes = 0;
  for await (const path of glob(join(directory, "**/data"))) {
    // An upload becomes a blob by a new name; between the two there is nothing.
    const { blocks } = await stat(path).catch(() => ({ blocks: 0 }));
    bytes += blocks * 512;
  }
  return bytes;
}

/** KiB; undefined when it has ended. */
function peakOfProcess(pid: number): number | undefined {
  try {
    const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return peak === undefined ? undefined : Number(peak);
  } catch {
    return undefined;
  }
}
