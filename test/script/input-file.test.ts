import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Failure } from "../../src/errors.ts";
import { FULL_DIALECT } from "../../src/image/dialect.ts";
import { shareCredentials } from "../../src/script/credentials.ts";
import { deriveSource } from "../../src/script/image-source.ts";
import { checkInputDirectories, findInputFile } from "../../src/script/input-file.ts";
import { gatherSecrets } from "../../src/script/secrets.ts";
import { bentoIn } from "../assembly/bentos.ts";
import { type Machine, makeMachine } from "../bento/machine.ts";

type World = Machine["world"];

/** Every input that names a file, and who reads it. */
const READERS: Readonly<Record<string, (path: string, world: World) => Promise<unknown>>> = {
  dockerfile: (dockerfile, world) => {
    const inputs = { dockerfile, buildArgs: {} } as Parameters<typeof deriveSource>[0]["inputs"];
    const job = { inputs, bento: bentoIn("/bento"), models: [], recipe: undefined };
    return deriveSource(job, { dialect: FULL_DIALECT }, world);
  },
  "registry-auth-file": (path, world) => shareCredentials(path, world),
  "secret-files": (path, world) => {
    const inputs = { secrets: {}, secretEnvs: [], secretFiles: { a: path }, ssh: [] };
    return gatherSecrets(inputs, [], "/secrets", world);
  },
  "registry-authorities": (path, world) => findInputFile("registry-authorities", path, world),
};

const PLACES: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  "is not there": async () => undefined,
  "is a directory": (path) => mkdir(path),
  "is a pipe": async (path) => execFileSync("sh", ["-c", 'mkfifo "$0"', path]),
  "is a device": (path) => symlink("/dev/zero", path),
  "is a link to the environment of this process": (path) => symlink("/proc/self/environ", path),
  "is a link to the kernel's files": (path) => symlink("/sys/kernel/mm/transparent_hugepage/enabled", path),
  "is a link to nothing": (path) => symlink("nowhere", path),
  "lies below a file": async (path) => {
    await writeFile(join(path, "../afile"), "");
    await symlink("afile/below", path);
  },
};

describe.each(Object.entries(READERS))("What %s names", (input, read) => {
  it.each(Object.entries(PLACES))("and %s is a fault of the input, which is named", async (_, make) => {
    const { world } = await makeMachine();
    await make(join(world.workspace, "place"));
    const failure = await read("./place", world).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ class: "input", message: expect.stringMatching(`^${input}: .*/workspace/place`) });
  });

  it("may be a link to a file elsewhere: the workflow's author made it", async () => {
    const { world, root } = await makeMachine();
    await writeFile(join(root, "real"), input === "registry-auth-file" ? "{}\n" : "FROM scratch\n");
    await symlink("../real", join(world.workspace, "place"));
    await expect(read("place", world)).resolves.toBeDefined();
  });
});

describe("Directories that inputs name", () => {
  it("are looked at before anything is built; all that are none are named", async () => {
    const { world } = await makeMachine();
    for (const name of ["file", "digests"]) await writeFile(join(world.workspace, name), "");
    await mkdir(join(world.workspace, "there"));
    const buildContexts = { one: "./file", two: "lost", three: "there", four: "docker-image://alpine" };
    await expect(checkInputDirectories({ buildContexts, digestFile: "digests" }, world)).rejects.toMatchObject({
      class: "input",
      lines: [
        `build-contexts: this is no directory: ${world.workspace}/file`,
        `build-contexts: there is no directory ${world.workspace}/lost`,
        `digest-file: this is no directory: ${world.workspace}/digests`,
      ],
    });
  });

  it("are none of the kernel's", async () => {
    const { world } = await makeMachine();
    await symlink("/proc/self", join(world.workspace, "link"));
    await expect(
      checkInputDirectories({ buildContexts: { one: "link" }, digestFile: undefined }, world),
    ).rejects.toMatchObject({ class: "input", message: expect.stringContaining("/workspace/link") });
  });

  it("may be missing where they are written to", async () => {
    const { world } = await makeMachine();
    await expect(checkInputDirectories({ buildContexts: {}, digestFile: "new" }, world)).resolves.toBeUndefined();
  });
});
