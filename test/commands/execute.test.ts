import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Step } from "../../src/backends/backend.ts";
import { removeOnFailure } from "../../src/commands/creations.ts";
import { execute } from "../../src/commands/execute.ts";
import type { Script } from "../../src/commands/script.ts";
import { TimeOver } from "../../src/errors.ts";
import type { Exit, Invocation } from "../../src/machine/machine.ts";
import { parseReference } from "../../src/oci/reference.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { makeSetting } from "../bento/setting.ts";

const WELL: Exit = { code: 0, signal: undefined, tail: [] };

interface Stage {
  readonly exit?: Exit;
  readonly prints?: readonly string[];
  readonly tools?: readonly string[];
  readonly signal?: AbortSignal;
}

async function stage({ exit = WELL, prints = [], tools = [], signal }: Stage = {}) {
  const setting = await makeSetting();
  const done: string[] = [];
  const invocations: Invocation[] = [];
  const registry: Partial<Registry> = {
    pushLayout: async (layout, to) => void done.push(`upload ${layout} ${to.length}`),
    copy: async (from, to) => void done.push(`copy ${from.path} ${to.length}`),
  };
  const machine = {
    ...setting.machine,
    signal: signal ?? setting.machine.signal,
    processes: {
      which: async (tool: string) => (tools.includes(tool) ? `/bin/${tool}` : undefined),
      ask: () => Promise.reject(new Error("nothing to ask")),
      capture: () => Promise.reject(new Error("nothing to ask")),
      stream: async (invocation: Invocation, onLine: (line: string) => void) => {
        invocations.push(invocation);
        done.push(invocation.tool);
        prints.forEach(onLine);
        return exit;
      },
    },
  };
  const run = (script: Partial<Script>) =>
    execute(
      { files: [], steps: [command("docker")], evidence: [], creates: [], ...script },
      { machine, registry: registry as Registry, env: { PATH: "/bin" }, dockerfile: "/temp/Dockerfile" },
    );
  return { ...setting, run, done, invocations };
}

function command(
  tool: string,
  args: readonly (string | { contentOf: string })[] = [],
  forbids?: readonly string[],
): Step {
  return {
    kind: "run",
    command: { title: `${tool} build`, tool, args, ...(forbids === undefined ? {} : { forbids }) },
  };
}

describe("execute", () => {
  it("writes private files first, then does the steps in their order", async () => {
    const { run, root, done, invocations } = await stage({ tools: ["podman"] });
    const path = join(root, "secrets/TOKEN");
    const to = [parseReference("a:1")] as const;
    await run({
      files: [{ path, content: new Secret("hush"), mode: 0o600 }],
      steps: [
        command("docker", ["build"]),
        { kind: "load", archive: "/image.tar" },
        { kind: "upload", layout: "/layout", to },
        { kind: "copy", from: to[0], to },
      ],
    });
    expect(done).toEqual(["docker", "podman", "upload /layout 1", "copy library/a 1"]);
    expect(invocations[0]).toMatchObject({ tool: "docker", args: ["build"], env: { PATH: "/bin" } });
    expect(invocations[1]?.args).toEqual(["load", "--input", "/image.tar"]);
    expect(await readFile(path, "utf8")).toBe("hush");
    expect([(await stat(path)).mode & 0o777, (await stat(join(root, "secrets"))).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  it("puts what an earlier command wrote into the arguments of a later one", async () => {
    const { run, root, invocations } = await stage();
    await writeFile(join(root, "image.id"), "sha256:abc\n");
    await run({ steps: [command("podman", ["push", { contentOf: join(root, "image.id") }])] });
    expect(invocations[0]?.args).toEqual(["push", "sha256:abc"]);
  });

  it("fails as a tool that says nothing when there is no such file", async () => {
    const { run, root } = await stage();
    const steps: Script["steps"] = [command("podman", [{ contentOf: join(root, "image.id") }])];
    await expect(run({ steps })).rejects.toMatchObject({ class: "tool", code: "EvidenceMissing" });
  });

  it("shows each command as a line that pastes, in a group of its own", async () => {
    const { run, said } = await stage();
    await run({ steps: [command("docker", ["build", "a b"])] });
    expect(said).toEqual(["group: docker build", "info: docker build 'a b'"]);
  });

  it("stops at the first command that fails", async () => {
    const { run, done } = await stage({ exit: { code: 2, signal: undefined, tail: ["unknown flag"] } });
    await expect(run({ steps: [command("docker"), command("podman")] })).rejects.toMatchObject({ class: "tool" });
    expect(done).toEqual(["docker"]);
  });

  it("takes an exit code of 0 for success, whatever was printed", async () => {
    const { run } = await stage({ prints: ["ERROR: all is lost"] });
    await expect(run({})).resolves.toBeUndefined();
  });

  it("fails on a warning that must not be", async () => {
    const { run } = await stage({ prints: ["the base does not match the expected platform"] });
    const steps: Script["steps"] = [command("podman", [], ["does not match the expected platform"])];
    await expect(run({ steps })).rejects.toMatchObject({ class: "platform" });
  });

  it.each([
    ["SIGINT", /the run was cancelled/],
    [new TimeOver(300_000), /its time was over: the input timeout is 5 min$/],
  ])("after %s tells a cancel, not a failed command", async (reason, message) => {
    const signal = AbortSignal.abort(reason);
    const { run } = await stage({ signal, exit: { code: undefined, signal: "SIGTERM", tail: [] } });
    await expect(run({})).rejects.toMatchObject({ class: "cancelled", message: expect.stringMatching(message) });
  });

  it("needs a program that can load an image, before it builds one", async () => {
    const { run, done } = await stage();
    const steps: Script["steps"] = [command("buildctl"), { kind: "load", archive: "/image.tar" }];
    await expect(run({ steps })).rejects.toMatchObject({ class: "tool" });
    expect(done).toEqual([]);
  });
});

describe("files that were asked for", () => {
  it("go with a failure, unless they were there before", async () => {
    const { machine, root } = await makeSetting();
    const [mine, theirs] = [join(root, "mine"), join(root, "theirs")];
    await writeFile(mine, "older");
    const work = removeOnFailure([mine, theirs], machine.files, async () => {
      await mkdir(join(theirs, "blobs"), { recursive: true });
      throw new Error("no");
    });
    await expect(work).rejects.toThrow("no");
    expect([await machine.files.info(mine), await machine.files.info(theirs)]).toMatchObject([
      { kind: "file" },
      undefined,
    ]);
  });

  it("take the directories with them that were made for them, and leave what others put there", async () => {
    const { machine, root } = await makeSetting();
    const paths = ["alone/a/image", "shared/a/image"].map((path) => join(root, path));
    const work = removeOnFailure(paths, machine.files, async () => {
      for (const path of paths) await mkdir(path, { recursive: true });
      await writeFile(join(root, "shared/theirs"), "");
      throw new Error("no");
    });
    await expect(work).rejects.toThrow("no");
    expect(await machine.files.info(join(root, "alone"))).toBeUndefined();
    expect(await machine.files.list(join(root, "shared"))).toEqual([{ name: "theirs", kind: "file" }]);
  });

  it("stay after success", async () => {
    const { machine, root } = await makeSetting();
    await removeOnFailure([join(root, "new")], machine.files, () => writeFile(join(root, "new"), ""));
    expect(await machine.files.info(join(root, "new"))).toMatchObject({ kind: "file" });
  });
});
