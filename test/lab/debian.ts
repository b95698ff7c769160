/** A Debian machine of the test's own, in which apt may install: a root file system that nobody else sees. */
import { execFile } from "node:child_process";
import { appendFile, chmod, chown, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { artifact } from "./artifact.ts";
import { run } from "./command.ts";
import { places } from "./places.ts";

export type Suite = "bookworm" | "trixie";

export interface DebianMachine {
  /** Absolute path of its root, as the real machine sees it. */
  readonly root: string;
  /** Words before a program, which run it there. It sees the directory for temporary files too. */
  readonly as: readonly string[];
  /** What a shell there prints. */
  shell(script: string): Promise<string>;
  /** Names of the packages that are installed. */
  packages(): Promise<ReadonlySet<string>>;
  close(): Promise<void>;
}

/** The number of the ordinary user `ann`, who is on every machine. */
export const ANN = 1500;

/** Programs that the tests need, beyond apt: those which change who runs and what is mounted. */
const INCLUDED = ["ca-certificates", "mount", "sudo"];

/** Where the bundles and Node are there. */
export const BUNDLES = "/usr/local/lib/bundles";
export const NODE = "/usr/local/bin/node";

/**
 * Its own mounts and processes: what a tool leaves there ends with the command. Locks in shared memory are its own too;
 * the network is the real machine's. It has control groups of the second version alone, as Debian's crun takes no mixture.
 * By bash, as other shells drop variables with a hyphen in their name.
 */
const ENTER = `set -e
root=$1 shared=$2 node=$3
shift 3
mount --bind "$root" "$root"
for place in dev sys; do mount --rbind "/$place" "$root/$place"; done
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t proc proc "$root/proc"
install --directory --mode=1777 "$root/var/shm"
mount --bind "$root/var/shm" "$root/dev/shm"
mount --bind "$shared" "$root/tmp"
touch "$root${NODE}"
mount --bind "$node" "$root${NODE}"
cd "$root"
mkdir -p old
pivot_root . old
umount --lazy /old
exec "$@"`;

export async function openDebian(suite: Suite): Promise<DebianMachine> {
  const directory = await mkdtemp(join(tmpdir(), "bento-image-debian-"));
  await chmod(directory, 0o755);
  const root = join(directory, "root");
  await run(["cp", "--archive", join(await rootOf(suite), "root"), root]);
  await cp("/etc/resolv.conf", join(root, "etc/resolv.conf"));
  await run(["cp", "--recursive", resolve("dist"), join(root, BUNDLES)]);
  await run(["chmod", "--recursive", "a+rX", join(root, BUNDLES)]);
  const namespaces = ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"];
  const enter = ["bash", "-c", ENTER, "bash", root, tmpdir(), process.execPath];
  const as = [...namespaces, ...enter];
  const shell = async (script: string): Promise<string> => {
    const [program = "", ...args] = [...as, "sh", "-ec", script];
    return (await promisify(execFile)(program, args, { env: { PATH } })).stdout;
  };
  await addUser(root);
  return {
    root,
    as,
    shell,
    async packages() {
      const listed = await shell("dpkg-query --show --showformat '${Package}\\n'");
      return new Set(listed.split("\n").filter((name) => name !== ""));
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

async function addUser(root: string): Promise<void> {
  await appendFile(join(root, "etc/passwd"), `ann:x:${ANN}:${ANN}::/home/ann:/bin/sh\n`);
  await appendFile(join(root, "etc/shadow"), "ann:*:20000:0:99999:7:::\n");
  await appendFile(join(root, "etc/group"), `ann:x:${ANN}:\n`);
  for (const file of ["etc/subuid", "etc/subgid"]) await writeFile(join(root, file), "ann:100000:65536\n");
  for (const place of ["home/ann", `run/user/${ANN}`]) {
    await mkdir(join(root, place), { recursive: true });
    await chown(join(root, place), ANN, ANN);
  }
}

/** Of every program there, and of the one that enters. */
export const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A directory with a root file system as Debian's installer leaves it, apt's lists included. */
function rootOf(suite: Suite): Promise<string> {
  const lean = ["man", "locale", "doc"].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);
  const source = `deb http://deb.debian.org/debian ${suite} main`;
  const how = ["--variant=apt", "--skip=cleanup/apt/lists", "--aptopt=Acquire::Languages none", ...lean];
  return artifact(places(), {
    name: `debian-${suite}`,
    ingredients: [source, ...how, ...INCLUDED],
    make: async (draft) => {
      await run(["mmdebstrap", ...how, `--include=${INCLUDED.join(",")}`, suite, join(draft, "root"), source]);
    },
  });
}
