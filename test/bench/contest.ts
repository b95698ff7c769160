/** What all contestants of the models section stand on: the lab's docker, a store of Bentos, witnesses of what is started. */
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { openLab } from "../lab/backends.ts";
import { unpackHome } from "../lab/bento.ts";
import { wipe } from "../lab/environment.ts";
import type { Played } from "./medians.ts";
import { type Mirror, openMirror } from "./mirror.ts";
import { type Env, runWell } from "./program.ts";
import type { Settings } from "./settings.ts";
import { type Disk, settle } from "./watch.ts";

export interface Contest extends AsyncDisposable {
  /** The store, BENTOML_HOME. */
  readonly home: string;
  readonly place: string;
  readonly env: Env;
  readonly mirror: Mirror;
  /** Everything that was measured until now. */
  readonly played: Played[];
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** Where builders keep what they keep, and temporary files. */
  readonly stores: readonly string[];
  /** How many builds docker was asked for until now. */
  builds(): Promise<number>;
  /** Empties docker, and waits until the disk knows. */
  wipe(disk: Disk): Promise<void>;
}

/** At its end docker is empty. */
export async function openContest({ place, signal, say }: Settings): Promise<Contest> {
  const { env, registry } = await openLab();
  const { witnessed, starts } = await witnessDocker(join(place, "witness"), env);
  const stores = [await dataRoot(env), place];
  const mirror = await openMirror(registry);
  const home = await unpackHome("sklearn");
  return {
    home,
    place,
    env: witnessed,
    mirror,
    played: [],
    signal,
    say,
    stores,
    async builds() {
      return [...(await readFile(starts, "utf8")).matchAll(/^(?:buildx )?(?:build|bake)\b/gm)].length;
    },
    async wipe(disk) {
      signal.throwIfAborted();
      await wipe("docker");
      await settle(disk);
    },
    async [Symbol.asyncDispose]() {
      mirror[Symbol.dispose]();
      await rm(home, { recursive: true });
      await wipe("docker");
    },
  };
}

async function dataRoot(env: Env): Promise<string> {
  return (await runWell("docker", ["info", "--format", "{{.DockerRootDir}}"], env)).log.trim();
}

/** A `docker` before the real one that notes its arguments, a line each start. */
async function witnessDocker(
  directory: string,
  env: Env,
): Promise<{ readonly witnessed: Env; readonly starts: string }> {
  await mkdir(directory);
  const starts = join(directory, "starts");
  const program = join(directory, "docker");
  const real = (await runWell("sh", ["-c", "command -v docker"], env)).log.trim();
  await writeFile(starts, "");
  await writeFile(program, `#!/bin/sh\necho "$*" >>'${starts}'\nexec '${real}' "$@"\n`);
  await chmod(program, 0o755);
  return { witnessed: { ...env, PATH: `${directory}${delimiter}${env["PATH"] ?? ""}` }, starts };
}
