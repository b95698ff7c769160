import { readFile, readlink, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { keepFiles } from "../../src/commands/kept-files.ts";
import type { ImageSource } from "../../src/recipe/source.ts";
import { makeSetting } from "../bento/setting.ts";
import { enclosureOf } from "../fakes/enclosed.ts";

const SOURCE: ImageSource = {
  dockerfile: "FROM scratch\n",
  context: enclosureOf("/bento"),
  contexts: [],
  generated: [],
  secrets: [],
  buildArgs: {},
  resolvedBuildArgs: [],
  base: "scratch",
  notes: [],
};

it("keeps the Dockerfile alone when nothing is generated", async () => {
  const { machine, temporary } = await makeSetting();
  const { dockerfile, ...rest } = await keepFiles(SOURCE, machine);
  expect(await readFile(dockerfile, "utf8")).toBe("FROM scratch\n");
  expect(dockerfile.startsWith(temporary)).toBe(true);
  expect(rest).toEqual({});
});

it("keeps what no builder shall leave out beside the Dockerfile, where every builder looks first", async () => {
  const { machine } = await makeSetting();
  const { dockerfile } = await keepFiles({ ...SOURCE, ignore: "# Nothing.\n" }, machine);
  expect(await readFile(`${dockerfile}.dockerignore`, "utf8")).toBe("# Nothing.\n");
});

it("lets the context's own .dockerignore count with a Dockerfile of another make", async () => {
  const { machine } = await makeSetting();
  const { dockerfile } = await keepFiles(SOURCE, machine);
  await expect(stat(`${dockerfile}.dockerignore`)).rejects.toThrow("ENOENT");
});

it("writes generated entries with exact modes, whatever the umask and the source's mode", async () => {
  const { machine, root } = await makeSetting();
  const source = join(root, "entrypoint.sh");
  await writeFile(source, "#!/bin/sh\n", { mode: 0o600 });
  const umask = process.umask(0o077);
  const { generated = "" } = await keepFiles(
    {
      ...SOURCE,
      generated: [
        { kind: "directory", path: "env", mode: 0o755 },
        { kind: "copy", path: "env/entrypoint.sh", mode: 0o755, from: enclosureOf(root), source: "entrypoint.sh" },
        { kind: "file", path: "env/note", mode: 0o644, content: "hello" },
        { kind: "link", path: "latest", target: "env/note" },
      ],
    },
    machine,
  ).finally(() => process.umask(umask));
  const mode = async (path: string) => (await stat(join(generated, path))).mode & 0o777;
  expect([await mode("env"), await mode("env/entrypoint.sh"), await mode("env/note")]).toEqual([0o755, 0o755, 0o644]);
  expect(await readFile(join(generated, "env/entrypoint.sh"), "utf8")).toBe("#!/bin/sh\n");
  expect(await readlink(join(generated, "latest"))).toBe("env/note");
});

it("may be called again, as for a plan and then for the build", async () => {
  const { machine } = await makeSetting();
  const source: ImageSource = { ...SOURCE, generated: [{ kind: "link", path: "latest", target: "env/note" }] };
  await keepFiles(source, machine);
  const { generated = "" } = await keepFiles(source, machine);
  expect(await readlink(join(generated, "latest"))).toBe("env/note");
});
