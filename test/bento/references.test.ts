import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { locateBento } from "../../src/bento/address.ts";
import { readBento } from "../../src/bento/bento-directory.ts";
import { unpackFixture } from "./fixtures.ts";
import { makeSetting } from "./setting.ts";

/** A good Bento, changed. */
async function readChanged(name: string, tag: string, change: (directory: string) => Promise<unknown>) {
  const { machine, root } = await makeSetting();
  const bentomlHome = await unpackFixture(join(root, "store"), `good/${name}/home.tar.gz`);
  const located = await locateBento({ bento: tag, bentomlHome }, machine);
  await change(located.directory.path);
  return readBento(located, machine);
}

async function put(directory: string, path: string, content: string): Promise<void> {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), content);
}

describe("Every file that a Bento of spec 2 refers to must exist", () => {
  const requirements = (text: string) => (directory: string) => put(directory, "env/python/requirements.txt", text);

  it.each([
    ["./wheels/gone.whl", "not in the Bento"],
    ["bentoml @ file:///home/me/bentoml.whl", "machine that built"],
    ["/home/me/x.whl", "machine that built"],
    ["../../../../etc/x.whl", "not in the Bento"],
    ["-r more.txt", "not in the Bento"],
  ])("requirement %s", async (line, fault) => {
    await expect(readChanged("minimal", "greeter", requirements(`idna\n${line}\n`))).rejects.toMatchObject({
      class: "bento",
      code: "ReferenceMissing",
      message: expect.stringContaining(fault),
    });
  });

  it.each(["env/docker/entrypoint.sh", "env/python/requirements.txt"])("%s", async (path) => {
    const reading = readChanged("minimal", "greeter", (directory) => rm(join(directory, path)));
    await expect(reading).rejects.toMatchObject({ code: "ReferenceMissing", message: expect.stringContaining(path) });
  });

  it("and for very many missing files the failure lists the first ones and the number of others", async () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => `./wheels/w${index}.whl`);
    const failure = await readChanged("minimal", "greeter", requirements(lines.join("\n"))).catch((error) => error);
    expect(failure).toMatchObject({ code: "ReferenceMissing", message: expect.stringContaining("w0.whl") });
    expect(failure.lines.slice(19)).toEqual([expect.stringContaining("w19.whl"), "and 2980 more"]);
    expect(failure.message.length).toBeLessThan(4_000);
  });

  it("build_include", async () => {
    const reading = readChanged("wheels-v2", "with_wheel", (directory) =>
      rm(join(directory, "src/wheels"), { recursive: true }),
    );
    await expect(reading).rejects.toMatchObject({
      lines: [expect.stringContaining("build_include"), expect.stringContaining("./wheels/tiny_dep-0.2.0")],
    });
  });

  it("and a required wheel is added to build_include", async () => {
    const bento = await readChanged("minimal", "greeter", async (directory) => {
      await put(directory, "src/wheels/a.whl", "");
      await put(directory, "env/python/requirements.txt", "./wheels/a.whl\n");
    });
    expect(bento.image).toMatchObject({ buildInclude: ["wheels/a.whl"] });
  });
});

describe("Every file that a Bento of spec 1 refers to must exist", () => {
  it.each([
    ["v1-setup-script", "classic", "env/docker/setup_script"],
    ["v1-template", "templater", "env/docker/Dockerfile"],
    ["v1-conda", "snake", "env/conda/environment.yml"],
    ["old-1.0.0a6", "alpha_echo", "env/python/requirements.txt"],
    ["v1-wheels", "wheely", "env/python/wheels/tiny_dep-0.3.0-py3-none-any.whl"],
  ])("%s: %s without %s", async (name, tag, path) => {
    const reading = readChanged(name, tag, async (directory) => {
      await rm(join(directory, path));
      // A wheel is required only if the requirements name it.
      if (path.endsWith(".whl"))
        await put(directory, "env/python/requirements.lock.txt", `./wheels/${path.split("/").at(-1)}\n`);
    });
    await expect(reading).rejects.toMatchObject({
      code: "ReferenceMissing",
      message: expect.stringContaining(path.replace("env/python/wheels", "./wheels")),
    });
  });

  it("but not requirements if install.sh does not need them", async () => {
    const reading = readChanged("v1-setup-script", "classic", (directory) =>
      rm(join(directory, "env/python/requirements.txt")),
    );
    expect((await reading).image).toMatchObject({ installScript: true });
  });
});
