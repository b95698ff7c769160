import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gatherSecrets } from "../../src/commands/gather-secrets.ts";
import { deriveSource } from "../../src/commands/image-source.ts";
import { shareCredentials } from "../../src/commands/share-credentials.ts";
import { Failure } from "../../src/errors.ts";
import { checkInputDirectories, findInputFile } from "../../src/inputs/input-file.ts";
import { FULL_DIALECT } from "../../src/recipe/dialect.ts";
import { bentoIn } from "../assembly/bentos.ts";
import { makeSetting, type Setting } from "../bento/setting.ts";

type Machine = Setting["machine"];

/** Every input that names a file, and who reads it. */
const READERS: Readonly<Record<string, (path: string, machine: Machine) => Promise<unknown>>> = {
  dockerfile: (dockerfile, machine) => {
    const inputs = { dockerfile, buildArgs: {} } as Parameters<typeof deriveSource>[0]["inputs"];
    const job = { inputs, bento: bentoIn("/bento"), models: [], recipe: undefined };
    return deriveSource(job, { dialect: FULL_DIALECT }, machine);
  },
  "registry-auth-file": (path, machine) => shareCredentials(path, machine),
  "secret-files": (path, machine) => {
    const inputs = { secrets: {}, secretEnvs: [], secretFiles: { a: path }, ssh: [] };
    return gatherSecrets(inputs, [], "/secrets", machine);
  },
  "registry-authorities": (path, machine) => findInputFile("registry-authorities", path, machine),
};

const TARGETS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  "does not exist": async () => undefined,
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

describe.each(Object.entries(READERS))("the path in input %s", (input, read) => {
  it.each(Object.entries(TARGETS))("is reported with the input's name when it %s", async (_, make) => {
    const { machine } = await makeSetting();
    await make(join(machine.workspace, "place"));
    const failure = await read("./place", machine).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ class: "input", message: expect.stringMatching(`^${input}: .*/workspace/place`) });
  });

  it("may be a link to a file outside of the workspace", async () => {
    const { machine, root } = await makeSetting();
    await writeFile(join(root, "real"), input === "registry-auth-file" ? "{}\n" : "FROM scratch\n");
    await symlink("../real", join(machine.workspace, "place"));
    await expect(read("place", machine)).resolves.toBeDefined();
  });
});

describe("directories that inputs name", () => {
  it("are checked before anything is built, and all mistakes are reported", async () => {
    const { machine } = await makeSetting();
    for (const name of ["file", "digests"]) await writeFile(join(machine.workspace, name), "");
    await mkdir(join(machine.workspace, "there"));
    const buildContexts = { one: "./file", two: "lost", three: "there", four: "docker-image://alpine" };
    await expect(checkInputDirectories({ buildContexts, digestFile: "digests" }, machine)).rejects.toMatchObject({
      class: "input",
      lines: [
        `build-contexts: ${machine.workspace}/file is not a directory`,
        `build-contexts: ${machine.workspace}/lost does not exist`,
        `digest-file: ${machine.workspace}/digests is not a directory`,
      ],
    });
  });

  it("may not be in a kernel file system", async () => {
    const { machine } = await makeSetting();
    await symlink("/proc/self", join(machine.workspace, "link"));
    await expect(
      checkInputDirectories({ buildContexts: { one: "link" }, digestFile: undefined }, machine),
    ).rejects.toMatchObject({ class: "input", message: expect.stringContaining("/workspace/link") });
  });

  it("may be missing if the action writes to them", async () => {
    const { machine } = await makeSetting();
    await expect(checkInputDirectories({ buildContexts: {}, digestFile: "new" }, machine)).resolves.toBeUndefined();
  });
});
