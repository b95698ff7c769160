import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { ANN, BUNDLES, type DebianMachine, NODE, openDebian, PATH, type Suite } from "./debian.ts";
import { heldBy } from "./image.ts";
import { type Job, openJob, type Step } from "./job.ts";
import { type Inputs, told } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";

/** podman and buildah come from the distribution, by apt itself. */
let lab: Lab;
let tiny: TinyBento;

beforeAll(async () => {
  lab = await openLab();
  await pushTinyBase(lab);
  tiny = await unpackTiny();
  // Ordinary users read it too.
  await promisify(execFile)("chmod", ["--recursive", "a+rX", tiny.home]);
});

afterAll(() => rm(tiny.home, { recursive: true }));

interface Made extends Step {
  readonly tag: string;
}

interface DebianRun {
  readonly machine: DebianMachine;
  /** One step on the machine, by root or an ordinary user. */
  build(backend: string, user?: "ann", inputs?: Inputs): Promise<Made>;
}

async function onDebian(suite: Suite, work: (on: DebianRun) => Promise<void>): Promise<void> {
  const machine = await openDebian(suite);
  const jobs: Job[] = [];
  try {
    await configure(machine);
    await work({
      machine,
      async build(backend, user, inputs = {}) {
        const job = await openJob({
          env: environmentOf(user),
          node: NODE,
          dist: BUNDLES,
          as: [
            ...machine.as,
            ...(user === undefined ? [] : ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--init-groups"]),
          ],
          ...(user === undefined ? {} : { user: String(ANN) }),
        });
        jobs.push(job);
        const tag = `${lab.registry}/packages/${randomUUID()}:1`;
        return { ...(await job.step("main", { ...common(backend, tag), ...inputs })), tag };
      },
    });
  } finally {
    for (const job of jobs) await job.close();
    await machine.close();
  }
}

function environmentOf(user: "ann" | undefined): Readonly<Record<string, string>> {
  return user === undefined
    ? { PATH, HOME: "/root" }
    : { PATH, HOME: `/home/${user}`, XDG_RUNTIME_DIR: `/run/user/${ANN}` };
}

/** A machine's own settings, which are there before the packages that bring some of the same name. */
async function configure({ root }: DebianMachine): Promise<void> {
  await mkdir(join(root, "etc/containers"), { recursive: true });
  await writeFile(join(root, "etc/containers/registries.conf"), registries(lab.registry));
}

function registries(mirror: string): string {
  return `unqualified-search-registries = ["docker.io"]\n[[registry]]\nlocation = "docker.io"\n[[registry.mirror]]\nlocation = "${mirror}"\ninsecure = true\n`;
}

/** The network is the machine's, so that no bridge is made; limits are those that any machine gives. */
function common(backend: string, tags: string): Inputs {
  return {
    ...{ backend, tags, push: "true", assembly: "backend", bento: tiny.bento, "bentoml-home": tiny.home },
    ...{ "registry-mirrors": `docker.io=${lab.registry}`, network: "host", ulimit: "nofile=1024:1024,nproc=4096:4096" },
  };
}

async function expectPushed({ code, log, outputs, tag }: Made): Promise<void> {
  expect(code, log.slice(-6000)).toBe(0);
  expect(outputs["digest"]).toBe((await heldBy(tag)).digest);
}

describe("on a machine without them,", () => {
  it("podman is installed, builds and pushes: its digest is the registry's; a fresh machine's lists are fetched first", async () => {
    await onDebian("trixie", async ({ machine, build }) => {
      await machine.shell("rm -r /var/lib/apt/lists/*");
      await expectPushed(await build("podman"));
      expect(await machine.packages()).toContain("podman");
      expect(await readFile(join(machine.root, "etc/containers/registries.conf"), "utf8")).toBe(
        registries(lab.registry),
      );
    });
  });

  it("on Debian 12 too, whose podman and buildah do not read several mounts of a step: files are copied instead", {
    tags: ["long"],
  }, async () => {
    await onDebian("bookworm", async ({ machine, build }) => {
      // Its crun refuses a kernel with both versions of cgroups mounted.
      await machine.shell("apt-get update && apt-get install --yes --no-install-recommends runc");
      await writeFile(join(machine.root, "etc/containers/containers.conf"), '[engine]\nruntime = "runc"\n');
      await expectPushed(await build("podman"));
      await expectPushed(await build("buildah"));
      expect([...(await machine.packages())]).toEqual(expect.arrayContaining(["podman", "buildah"]));
    });
  });

  it("so is buildah, with the runtime and the network that Debian only recommends, when another program has fetched its lists", {
    tags: ["long"],
  }, async () => {
    await onDebian("trixie", async ({ machine, build }) => {
      await machine.shell("rm -r /var/lib/apt/lists/*");
      const holder = await holdLock(join(machine.root, "var/lib/apt/lists/lock"), 5);
      const made = await build("buildah").finally(() => holder.kill());
      await expectPushed(made);
      expect(made.log).toContain("Could not get lock /var/lib/apt/lists/lock");
      expect([...(await machine.packages())]).toEqual(expect.arrayContaining(["buildah", "crun", "netavark"]));
    });
  });

  it("an ordinary user's is installed by sudo, with what a build without root needs", { tags: ["long"] }, async () => {
    await onDebian("trixie", async ({ machine, build }) => {
      await maySudo(machine);
      await expectPushed(await build("podman", "ann"));
      expect([...(await machine.packages())]).toEqual(expect.arrayContaining(["uidmap", "slirp4netns", "passt"]));
    });
  });
});

async function maySudo({ root }: DebianMachine): Promise<void> {
  await writeFile(join(root, "etc/sudoers.d/ann"), "ann ALL=(ALL) NOPASSWD: ALL\n", { mode: 0o440 });
}

/** The step fails so, and the machine has the packages that it had. */
async function expectRefused(
  { machine, build }: DebianRun,
  message: string,
  backend: string,
  user?: "ann",
): Promise<Step> {
  const before = await machine.packages();
  const step = await build(backend, user);
  expect(step.code, step.log.slice(-3000)).toBe(1);
  expect(told(step)).toContain(message);
  expect(await machine.packages()).toEqual(before);
  return step;
}

describe("nothing is installed, and the error says why,", () => {
  it("by a user without sudo", () =>
    onDebian("trixie", async (on) => {
      await expectRefused(
        on,
        "[tool] podman is not on PATH and cannot be installed: installing it requires root",
        "podman",
        "ann",
      );
    }));

  it("where the packages cannot be fetched, with apt's deciding lines", () =>
    onDebian("trixie", async (on) => {
      const nowhere = "deb http://127.0.0.1:9/debian trixie main\n";
      await writeFile(join(on.machine.root, "etc/apt/sources.list"), nowhere);
      await on.machine.shell("rm -r /var/lib/apt/lists/*");
      const { log } = await expectRefused(on, "[network] apt-get cannot fetch podman", "podman");
      expect(log).toMatch(/%0A {2}W: Failed to fetch http:\/\/127\.0\.0\.1:9\/debian/);
    }));

  it("where there is no such package", () =>
    onDebian("trixie", async (on) => {
      await writeFile(join(on.machine.root, "etc/apt/sources.list"), "");
      await expectRefused(on, "cannot be installed: apt-get does not know this package", "buildah");
    }));

  it("where another program installs packages, after a minute", { tags: ["long"] }, () =>
    onDebian("trixie", async (on) => {
      const holder = await holdLock(join(on.machine.root, "var/lib/dpkg/lock-frontend"));
      try {
        const { log } = await expectRefused(on, "[tool] apt-get cannot install podman: another program", "podman");
        expect(log).toContain("Could not get lock /var/lib/dpkg/lock-frontend");
      } finally {
        holder.kill();
      }
    }),
  );
});

/** dpkg's locks are those of fcntl(2), which no program of util-linux takes. */
async function holdLock(file: string, seconds = 600): Promise<ChildProcess> {
  const script =
    "import fcntl,sys,time;f=open(sys.argv[1],'w');fcntl.lockf(f,fcntl.LOCK_EX);print(1,flush=True);time.sleep(int(sys.argv[2]))";
  const holder = spawn("python3", ["-c", script, file, String(seconds)], { stdio: ["ignore", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  return holder;
}
