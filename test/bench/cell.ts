import type { Contest } from "./contest.ts";
import type { OwnRegistry } from "./registry.ts";
import { type Disk, startWatch } from "./watch.ts";

/** What one run of a contestant in one scenario took. */
export interface Cell {
  readonly seconds: number;
  /** Bytes that the registry was given. */
  readonly bytes: number;
  /** That the registry and the mirror of docker.io were asked. */
  readonly requests: number;
  /** The most that the disk held over what it held before, MiB, without the registry. */
  readonly disk: number;
  /** Peak resident memory of the process that was followed, MiB. NaN without one. */
  readonly memory: number;
  /** How often docker was asked to build. */
  readonly builds: number;
}

/** The disk as this section sees it: without what the registry keeps, which elsewhere is another machine's. */
export function diskOf({ stores }: Contest, registry: OwnRegistry): Disk {
  return { places: stores, except: registry.data };
}

export async function measureCell(
  contest: Contest,
  registry: OwnRegistry,
  work: (follow: (pid: number) => void) => Promise<void>,
): Promise<Cell> {
  const before = await counts(contest, registry);
  const watch = await startWatch(diskOf(contest, registry));
  const started = performance.now();
  const failed = await work(watch.follow).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const seconds = (performance.now() - started) / 1000;
  const peaks = await watch.stop();
  if (failed !== undefined) throw failed.error;
  const after = await counts(contest, registry);
  return {
    seconds,
    bytes: after.bytes - before.bytes,
    requests: after.requests - before.requests,
    ...peaks,
    builds: after.builds - before.builds,
  };
}

async function counts({ builds, mirror }: Contest, registry: OwnRegistry) {
  const { bytes, requests } = await registry.traffic();
  return { bytes, requests: requests + mirror.requests(), builds: await builds() };
}
