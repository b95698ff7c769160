/** A machine on which nothing builds: its programs without every engine, and a tool cache and a home with nothing in them. */
import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Lab } from "./backends.ts";
import { type Job, openJob, type Runner } from "./job.ts";
import { type Mirror, openMirror } from "./release-mirror.ts";
import { labReleases, type Releases } from "./releases.ts";
import type { Inputs } from "./runner.ts";

type Variables = Readonly<Record<string, string>>;

const FOLDERS = ["/usr/sbin", "/usr/bin"];
const ENGINES =
  /^(?:docker|dockerd|docker-proxy|docker-buildx|podman.*|buildah|nerdctl|buildctl.*|buildkit.*|rootlesskit.*|containerd.*|ctr|runc|crun)$/;

export interface BareMachine {
  readonly directory: string;
  readonly releases: Releases;
  readonly mirror: Mirror;
  readonly env: Variables;
  /** Inputs that let the action install from the mirror, and find docker.io's images at the lab. */
  readonly inputs: Inputs;
  /** A directory with the docker command that has no plugin, for PATH. */
  readonly docker: string;
  /** A new job on it. Closes with the machine. */
  job(runner?: Partial<Runner>): Promise<Job>;
  close(): Promise<void>;
}

export async function openBareMachine(lab: Lab): Promise<BareMachine> {
  const directory = await mkdtemp(join(tmpdir(), "bento-image-bare-"));
  await chmod(directory, 0o755);
  const place = (name: string): string => join(directory, name);
  for (const name of ["bin", "home", "docker", "cache"]) await mkdir(place(name));
  await linkPrograms(place("bin"));
  await symlink(join(lab.env["LAB_ROOT"] ?? "", "bin/docker"), join(place("docker"), "docker"));
  const releases = await labReleases();
  const mirror = await openMirror(releases.directory);
  const env = { PATH: place("bin"), HOME: place("home"), RUNNER_TOOL_CACHE: place("cache") };
  const jobs: Job[] = [];
  return {
    directory,
    releases,
    mirror,
    env,
    inputs: { ...releases.wishes, "tool-mirror": mirror.url, "registry-mirrors": `docker.io=${lab.registry}` },
    docker: place("docker"),
    async job(runner = {}) {
      const job = await openJob({ env, ...runner });
      jobs.push(job);
      return job;
    },
    async close() {
      await mirror.close();
      for (const job of jobs) await job.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function linkPrograms(directory: string): Promise<void> {
  const names = new Map<string, string>();
  for (const folder of FOLDERS) {
    for (const name of await readdir(folder)) if (!ENGINES.test(name)) names.set(name, join(folder, name));
  }
  await promisify(execFile)("ln", ["--symbolic", "--target-directory", directory, ...names.values()]);
}
