/** Releases of the tools that the action installs: laid out as their projects do, from the lab's own programs. */
import { createHash } from "node:crypto";
import { createReadStream, realpathSync } from "node:fs";
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { artifact } from "./artifact.ts";
import { run } from "./command.ts";
import { labTool } from "./environment.ts";
import { places } from "./places.ts";

/** No catalogue knows it, so that each sum has to be given. */
const VERSION = "9.9.9-lab";

const TOOLS = ["buildkit", "buildx", "nerdctl", "nerdctl-full"];

/** Raise when this file changes what is in the releases. */
const REVISION = "2";

/** Debian's package containernetworking-plugins. */
const CNI = "/usr/lib/cni";

export interface Releases {
  /** A flat mirror. */
  readonly directory: string;
  /** The inputs `tools` and `tool-checksums` that pick them. */
  readonly wishes: { readonly tools: string; readonly "tool-checksums": string };
}

/** Packed once and kept in the lab's cache. The lab must be up. */
export async function labReleases(): Promise<Releases> {
  const at = places();
  const bin = (name: string): string => realpathSync(join(at.bin, name));
  const rootlesskit = await labTool("rootlesskit");
  const directory = await artifact(at, {
    name: "releases",
    // The path of a kit names its version.
    ingredients: [REVISION, VERSION, ...["buildkitd", "runc"].map(bin), rootlesskit],
    async make(draft) {
      const all = ["nerdctl", "containerd", "containerd-shim-runc-v2", "runc", "buildctl", "buildkitd"];
      const cni = (await readdir(CNI)).map((name) => [`libexec/cni/${name}`, join(CNI, name)] as const);
      await pack(join(draft, `buildkit-v${VERSION}.linux-amd64.tar.gz`), [
        ["bin/buildctl", bin("buildctl")],
        ["bin/buildkitd", bin("buildkitd")],
        ["bin/buildkit-runc", bin("runc")],
      ]);
      await pack(join(draft, `nerdctl-${VERSION}-linux-amd64.tar.gz`), [["nerdctl", bin("nerdctl")]]);
      await pack(join(draft, `nerdctl-full-${VERSION}-linux-amd64.tar.gz`), [
        ...all.map((name) => [`bin/${name}`, bin(name)] as const),
        ...cni,
      ]);
      await pack(join(draft, "rootlesskit-x86_64.tar.gz"), [["rootlesskit", rootlesskit]]);
      await copyFile(bin("buildx"), join(draft, `buildx-v${VERSION}.linux-amd64`));
    },
  });
  const sums = await Promise.all(
    (await readdir(directory)).map(async (name) => `${await sha256(join(directory, name))}  ${name}`),
  );
  const tools = [...TOOLS, "rootlesskit"].map((name) => `${name}@${VERSION}`).join(" ");
  return { directory, wishes: { tools, "tool-checksums": sums.join("\n") } };
}

/** Fast rather than small. */
async function pack(archive: string, files: readonly (readonly [name: string, program: string])[]): Promise<void> {
  const tree = `${archive}.tree`;
  for (const [name, program] of files) {
    await mkdir(join(tree, name, ".."), { recursive: true });
    await copyFile(program, join(tree, name));
  }
  const tops = await readdir(tree);
  await run(["tar", "--create", "--use-compress-program=gzip -1", "--file", archive, "--directory", tree, ...tops]);
  await rm(tree, { recursive: true });
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
