import { execFileSync } from "node:child_process";
import { cp, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locateBento } from "../../src/bento/address.ts";
import { readBento } from "../../src/bento/bento-directory.ts";
import { locateModels } from "../../src/bento/models.ts";
import { enclosureOf } from "../fakes/enclosed.ts";
import { unpackFixture } from "./fixtures.ts";
import { makeSetting } from "./setting.ts";

const http = { request: () => Promise.reject(new Error("no test here needs the network")) };

async function setUp(name: string, bento: string) {
  const setting = await makeSetting();
  const home = await unpackFixture(join(setting.root, "store"), `good/${name}/home.tar.gz`);
  const read = await readBento(await locateBento({ bento, bentomlHome: home }, setting.machine), setting.machine);
  const machine = { ...setting.machine, http };
  const locate = (given = read) => locateModels(given, { bentomlHome: home }, machine);
  return { home, bento: read, locate, machine, root: setting.root };
}

describe("A BentoML model", () => {
  it("is taken from the Bento itself before the store", async () => {
    const { home, bento, locate } = await setUp("sklearn", "iris_classifier");
    const [model] = bento.models;
    const place = `models/${model?.tag.name}/${model?.tag.version}`;
    expect(await locate()).toEqual([
      { kind: "store", model, origin: "store", directory: enclosureOf(join(home, place)) },
    ]);
    await cp(join(home, place), join(bento.directory.path, place), { recursive: true });
    await rm(join(home, "models"), { recursive: true });
    expect(await locate()).toEqual([
      {
        kind: "store",
        model,
        origin: "bento",
        directory: enclosureOf(join(bento.directory.path, place), bento.directory.path),
      },
    ]);
  });

  it("in the Bento itself needs neither a store nor HOME", async () => {
    const { home, bento, machine } = await setUp("sklearn", "iris_classifier");
    const homeless = { ...machine, env: {} };
    await expect(locateModels(bento, {}, homeless)).rejects.toMatchObject({ class: "input", code: "HomeUnknown" });
    await cp(join(home, "models"), join(bento.directory.path, "models"), { recursive: true });
    expect(await locateModels(bento, {}, homeless)).toMatchObject([{ origin: "bento" }]);
  });

  it("that is missing is reported together with all others, with the command that pulls each", async () => {
    const { home, locate } = await setUp("multi-service", "search_gateway");
    await rm(join(home, "models/embedder"), { recursive: true });
    await rm(join(home, "models/ranker/r.2/model.yaml"));
    await expect(locate()).rejects.toMatchObject({
      class: "bento",
      code: "ModelMissing",
      lines: ["bentoml models pull embedder:v1", "bentoml models pull ranker:r.2"],
    });
  });

  it("of a store in the checkout may be a link to another disk but not to the checkout", async () => {
    const { home, bento, machine, root } = await setUp("sklearn", "iris_classifier");
    const [{ name, version } = expect.fail()] = bento.models.flatMap((model) =>
      model.registry === "bentoml" ? [model.tag] : [],
    );
    await mkdir(join(machine.workspace, "home/models", name), { recursive: true });
    const link = join(machine.workspace, "home/models", name, version);
    const locate = () => locateModels(bento, { bentomlHome: "./home" }, machine);
    await symlink(join(home, "models", name, version), link);
    expect(await locate()).toMatchObject([{ directory: { path: join(home, "models", name, version) } }]);
    await rm(link);
    for (const path of ["", ".."]) await writeFile(join(machine.workspace, path, "model.yaml"), `name: ${name}\n`);
    for (const target of ["../../..", "../../../..", root]) {
      await symlink(target, link);
      const message = expect.stringContaining(link);
      await expect(locate()).rejects.toMatchObject({ class: "bento", code: "UnsafePath", message });
      await rm(link);
    }
  });

  it("gets its creation time from model.yaml if the manifest has none", async () => {
    const { home, bento, locate } = await setUp("minimal", "greeter");
    const directory = join(home, "models/old/1");
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, "model.yaml"), "name: old\ncreation_time: 2022-07-01 10:00:00.5+00:00\n");
    const models = [{ registry: "bentoml", tag: { name: "old", version: "1" } }] as const;
    expect(await locate({ ...bento, models })).toMatchObject([
      { model: { creationTime: new Date("2022-07-01T10:00:00.500Z") } },
    ]);
  });
});

describe("Links to a model", () => {
  /** The store's model is on another disk. */
  async function moveModel(home: string, root: string): Promise<string> {
    const elsewhere = join(root, "disk/iris_tree");
    await mkdir(join(root, "disk"));
    await rename(join(home, "models/iris_tree"), elsewhere);
    return elsewhere;
  }

  it("in the path of a store are followed: of a name, of a version, of the whole store", async () => {
    const { home, bento, locate, root } = await setUp("sklearn", "iris_classifier");
    const [model] = bento.models;
    const version = model?.tag.version ?? "";
    const elsewhere = await moveModel(home, root);
    await symlink(elsewhere, join(home, "models/iris_tree"));
    expect(await locate()).toMatchObject([{ origin: "store", directory: enclosureOf(join(elsewhere, version)) }]);
    await rm(join(home, "models/iris_tree"));
    await mkdir(join(home, "models/iris_tree"));
    await symlink(join(elsewhere, version), join(home, "models/iris_tree", version));
    expect(await locate()).toMatchObject([{ origin: "store", directory: enclosureOf(join(elsewhere, version)) }]);
    await rename(join(home, "models"), join(root, "disk/models"));
    await symlink("../disk/models", join(home, "models"));
    expect(await locate()).toMatchObject([{ origin: "store", directory: enclosureOf(join(elsewhere, version)) }]);
  });

  it.each(["models", "models/iris_tree", "models/iris_tree/VERSION"])(
    "that the Bento made, as %s, are refused when they lead out of it, also to the store",
    async (place) => {
      const { home, bento, locate } = await setUp("sklearn", "iris_classifier");
      const path = place.replace("VERSION", bento.models[0]?.tag.version ?? "");
      await mkdir(join(bento.directory.path, path, ".."), { recursive: true });
      await symlink(join(home, path), join(bento.directory.path, path));
      await expect(locate()).rejects.toMatchObject({
        class: "bento",
        code: "UnsafePath",
        message: expect.stringContaining(join(bento.directory.path, path)),
      });
    },
  );

  it("inside the Bento are followed", async () => {
    const { home, bento, locate } = await setUp("sklearn", "iris_classifier");
    const { path } = bento.directory;
    await cp(join(home, "models"), join(path, "weights"), { recursive: true });
    await symlink("weights", join(path, "models"));
    const [model] = bento.models;
    const place = join(path, "weights", model?.tag.name ?? "", model?.tag.version ?? "");
    expect(await locate()).toMatchObject([{ origin: "bento", directory: enclosureOf(place, path) }]);
  });

  it.each([
    [
      "a link out of it",
      (path: string) => symlink("/proc/self/environ", path),
      "links that lead outside the directory",
    ],
    [
      "a pipe",
      async (path: string) => execFileSync("sh", ["-c", 'mkfifo "$0"', path]),
      "not a file, directory or link",
    ],
  ])("of the store are refused if the model contains %s", async (_, make, fault) => {
    const { home, bento, locate } = await setUp("sklearn", "iris_classifier");
    const directory = join(home, "models/iris_tree", bento.models[0]?.tag.version ?? "");
    await make(join(directory, "weights"));
    await expect(locate()).rejects.toMatchObject({
      class: "bento",
      code: "UnsafePath",
      message: `${directory} contains entries that are ${fault}: weights`,
    });
  });
});
