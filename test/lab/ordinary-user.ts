/** A user of the machine who is not root, and a runner of theirs on a bare machine. */
import { execFile } from "node:child_process";
import { chmod, copyFile, cp, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Runner } from "./job.ts";
import type { SetupSetting } from "./setup-setting.ts";

const run = promisify(execFile);

export interface OrdinaryUser {
  readonly name: string;
  /** Their numeric id. */
  readonly id: number;
  /** For jobs of theirs; the bundles and Node are where they may read them. */
  readonly runner: Runner;
  /** The tiny Bento's BENTOML_HOME. */
  readonly home: string;
  close(): Promise<void>;
}

/** @param name at most 32 characters. */
export async function addOrdinaryUser(name: string, { machine, tiny }: SetupSetting): Promise<OrdinaryUser> {
  const place = (path: string): string => join(machine.directory, path);
  await run("useradd", ["--no-create-home", "--home-dir", place("user"), name]);
  await mkdir(place("user"));
  await cp(resolve("dist"), place("dist"), { recursive: true });
  await chmod(place("dist"), 0o755);
  await copyFile(process.execPath, place("node"));
  await cp(tiny.home, place("user/bentoml"), { recursive: true });
  await run("chown", ["--recursive", name, place("user")]);
  return {
    name,
    id: Number((await run("id", ["--user", name])).stdout),
    runner: {
      env: { ...machine.env, HOME: place("user"), RUNNER_TOOL_CACHE: place("user/cache") },
      user: name,
      as: ["setpriv", `--reuid=${name}`, `--regid=${name}`, "--init-groups"],
      dist: place("dist"),
      node: place("node"),
    },
    home: place("user/bentoml"),
    close: async () => void (await run("userdel", [name])),
  };
}
