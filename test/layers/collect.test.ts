import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { LocatedModel } from "../../src/bento/bento.ts";
import { keepFiles } from "../../src/commands/kept-files.ts";
import { type CollectedLayer, collectPayload } from "../../src/layers/collect.ts";
import type { LayerEntry } from "../../src/layers/layer.ts";
import type { EnclosedFiles } from "../../src/machine/enclosure.ts";
import { realFiles } from "../../src/machine/files.ts";
import type { Copy, PayloadLayer } from "../../src/recipe/payload.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { bentoIn, FILES, recipeOf, type Tree, writeTree } from "../assembly/bentos.ts";
import { EPOCH, makeTestDirectory, OWNER } from "../assembly/plans.ts";
import { enclosureOf } from "../fakes/enclosed.ts";
import { readRecipe } from "../recipe/bentos.ts";

/** The layer that these copies give for a Bento with this tree. */
async function collectCopies(
  tree: Tree,
  copies: readonly Copy[],
  prepare: (bento: string) => unknown = () => undefined,
) {
  const { root, files } = await makeTestDirectory();
  const bento = await writeTree(join(root, "bento"), { ...FILES, ...tree });
  await prepare(bento);
  const layer: PayloadLayer = { kind: "bento", name: "some", owner: OWNER, copies };
  const [collected] = await collectPayload({ ...recipeOf(bentoIn(bento)), payload: [layer] }, EPOCH, files.enclosed);
  return collected?.plan.entries ?? [];
}

/** `755 1034 home/bentoml/`, `644 1034 home/bentoml/file`, `home/link -> target`. */
function print(entry: LayerEntry): string {
  if (entry.kind === "link") return `${entry.path} -> ${entry.target}`;
  return `${entry.mode.toString(8)} ${entry.owner.uid} ${entry.path}${entry.kind === "directory" ? "/" : ""}`;
}

/** Without the parent directories of the Bento, which every layer has. */
function printBelow(entries: readonly LayerEntry[]): readonly string[] {
  return entries.map(print).filter((line) => /\/bentoml\/bento\/.|^home\/bentoml\/bento\/.* ->/.test(line));
}

const SRC: Copy = { sources: ["src"], destination: "/home/bentoml/bento/src/" };

describe("A layer contains what COPY would copy", () => {
  it("for a directory: its contents below the destination, with any names", async () => {
    const tree = { "src/größe 模型/$x 'y'.py": "", "src/.hidden": "" };
    expect(printBelow(await collectCopies(tree, [SRC]))).toEqual([
      "755 1034 home/bentoml/bento/src/",
      "644 1034 home/bentoml/bento/src/.hidden",
      "755 1034 home/bentoml/bento/src/größe 模型/",
      "644 1034 home/bentoml/bento/src/größe 模型/$x 'y'.py",
      "644 1034 home/bentoml/bento/src/service.py",
    ]);
  });

  it("for files: their names below a destination with a trailing slash, otherwise the destination itself", async () => {
    const copies = [
      { sources: ["README.md", "src/service.py"], destination: "/opt/in/" },
      { sources: ["bento.yaml"], destination: "/opt/other" },
    ];
    const paths = (await collectCopies({}, copies)).map(({ path }) => path);
    expect(paths).toEqual(["opt", "opt/in", "opt/in/README.md", "opt/in/service.py", "opt/other"]);
  });

  it("for an empty directory: the directory", async () => {
    const entries = await collectCopies({}, [SRC], (bento) => mkdir(join(bento, "src/empty")));
    expect(entries.map(print)).toContain("755 1034 home/bentoml/bento/src/empty/");
  });

  it("for links inside a directory: the links, including ones that are broken or lead outside", async () => {
    const entries = await collectCopies({}, [SRC], async (bento) => {
      await symlink("service.py", join(bento, "src/again.py"));
      await symlink("../../nowhere", join(bento, "src/dangling"));
      await symlink("/etc", join(bento, "src/out"));
    });
    expect(printBelow(entries).filter((line) => line.includes("->"))).toEqual([
      "home/bentoml/bento/src/again.py -> service.py",
      "home/bentoml/bento/src/dangling -> ../../nowhere",
      "home/bentoml/bento/src/out -> /etc",
    ]);
  });

  it("for a link that is itself a source: its target", async () => {
    const copies = ["assets", "notes"].map((name) => ({ sources: [name], destination: `/opt/${name}` }));
    const entries = await collectCopies({ "src/static/logo.svg": "<svg/>" }, copies, async (bento) => {
      await symlink("src/static", join(bento, "assets"));
      await symlink("README.md", join(bento, "notes"));
    });
    expect(entries.map(print)).toEqual([
      "755 1034 opt/",
      "755 1034 opt/assets/",
      "644 1034 opt/assets/logo.svg",
      "644 1034 opt/notes",
    ]);
    expect(entries.at(-1)).toMatchObject({ size: Buffer.byteLength("# Iris\n") });
  });

  it.each([
    ["out of the Bento", "/etc/hostname"],
    ["out of the Bento, by dots", "../../../../../../../../etc/hostname"],
    ["nowhere", "gone"],
  ])("but a source that is a link leading %s is refused", async (_, target) => {
    const copies = [{ sources: ["leak"], destination: "/opt/leak" }];
    const collected = collectCopies({}, copies, (bento) => symlink(target, join(bento, "leak")));
    await expect(collected).rejects.toMatchObject({
      class: "bento",
      code: "UnsafePath",
      message: expect.stringContaining("/leak"),
    });
  });

  it("for generated entries: their own modes and content", async () => {
    const copies = [{ context: "generated", sources: ["bento"], destination: "/home/bentoml/bento/" }];
    const prepare = (bento: string) => chmod(join(bento, "env/docker/entrypoint.sh"), 0o600);
    expect(printBelow(await collectCopies({}, copies, prepare))).toEqual([
      "755 1034 home/bentoml/bento/env/",
      "755 1034 home/bentoml/bento/env/docker/",
      "755 1034 home/bentoml/bento/env/docker/entrypoint.sh",
      "755 1034 home/bentoml/bento/hf-models/",
      "755 1034 home/bentoml/bento/models/",
    ]);
  });
});

describe("The parent directories of a layer's files", () => {
  it("have the owners and modes of the environment", async () => {
    const entries = await collectCopies({}, [SRC]);
    expect(entries.slice(0, 4).map(print)).toEqual([
      "755 0 home/",
      "755 1034 home/bentoml/",
      "755 1034 home/bentoml/bento/",
      "755 1034 home/bentoml/bento/src/",
    ]);
  });

  it("belong to root above a Bento outside the user's home", async () => {
    const { root, files } = await makeTestDirectory();
    const bento = bentoIn(await writeTree(root, FILES));
    const recipe = recipeOf(bento, [], { BENTO_PATH: "/srv/ml/bento", BENTO_USER_UID: "7", BENTO_USER_GID: "8" });
    const layers = await collectPayload(recipe, EPOCH, files.enclosed);
    const src = layers.find(({ plan }) => plan.title === "src")?.plan.entries ?? [];
    expect(src.slice(0, 4).map(print)).toEqual([
      "755 0 srv/",
      "755 0 srv/ml/",
      "755 7 srv/ml/bento/",
      "755 7 srv/ml/bento/src/",
    ]);
    expect(src[2]).toMatchObject({ owner: { uid: 7, gid: 8 } });
  });

  it("do not need a separate layer", async () => {
    const { root, files } = await makeTestDirectory();
    const recipe = recipeOf(bentoIn(await writeTree(root, FILES)));
    const titles = (await collectPayload(recipe, EPOCH, files.enclosed)).map(({ plan }) => plan.title);
    expect(titles).toEqual(["apis", "env", "generated", "src", "manifest"]);
    expect(recipe.payload.map(({ name }) => name)).toEqual([...titles, "parents"]);
  });
});

describe("Modes in a layer", () => {
  it.each([
    ["700", "600", "700"],
    ["755", "644", "755"],
    ["775", "664", "775"],
    ["2777", "666", "6777"],
  ])("are the same for directories %s, files %s and programs %s", async (directory, file, program) => {
    const entries = await collectCopies({ "src/run": "" }, [SRC], async (bento) => {
      await chmod(join(bento, "src/service.py"), file);
      await chmod(join(bento, "src/run"), program);
      await chmod(join(bento, "src"), directory);
    });
    expect(printBelow(entries)).toEqual([
      "755 1034 home/bentoml/bento/src/",
      "755 1034 home/bentoml/bento/src/run",
      "644 1034 home/bentoml/bento/src/service.py",
    ]);
  });
});

describe("Entries of a layer", () => {
  it("are sorted by bytes, directories before their entries, and have distinct paths", async () => {
    const tree = { "src/a.b": "", "src/a/b": "", "src/a-b": "", "src/é": "", "src/\u{1f371}": "", "src/\uff21": "" };
    const paths = (await collectCopies(tree, [SRC, SRC])).map(({ path }) => path);
    expect(paths).toEqual(
      [...new Set(paths)].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))),
    );
    expect(paths.slice(-3)).toEqual(["é", "\uff21", "\u{1f371}"].map((name) => `home/bentoml/bento/src/${name}`));
  });

  it.each([
    ["a pipe", "pipe", (path: string) => execFileSync("sh", ["-c", 'mkfifo "$0"', path])],
    [
      "a socket",
      "socket",
      (path: string) => execFileSync("python3", ["-c", "import socket, sys; socket.socket(1).bind(sys.argv[1])", path]),
    ],
  ])("cannot be %s", async (_, name, make) => {
    const collected = collectCopies({}, [SRC], (bento) => make(join(bento, "src", name)));
    await expect(collected).rejects.toMatchObject({
      class: "bento",
      code: "EntryUnusable",
      message: expect.stringMatching(new RegExp(`/src/${name} is not a regular file`)),
    });
  });

  it("cannot have the names of whiteout files; the failure lists them all", async () => {
    const tree = { "src/.wh.one": "", "src/.wh.dir/two": "", "src/.what": "", "src/x.wh.": "" };
    await expect(collectCopies(tree, [SRC])).rejects.toMatchObject({
      class: "bento",
      code: "NameReserved",
      lines: ["home/bentoml/bento/src/.wh.dir", "home/bentoml/bento/src/.wh.one"],
    });
  });
});

it("Listing a directory of many files accesses each file once and only a few at the same time", async () => {
  const { root, files } = await makeTestDirectory();
  const tree = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`src/${index % 3}/${index}.py`, ""]));
  const bento = bentoIn(await writeTree(join(root, "bento"), { ...FILES, ...tree }));
  let [now, most, all] = [0, 0, 0];
  const entry: EnclosedFiles["entry"] = async (directory, name) => {
    all += 1;
    now += 1;
    most = Math.max(most, now);
    const found = await files.enclosed.entry(directory, name);
    now -= 1;
    return found;
  };
  const layers = await collectPayload(recipeOf(bento), EPOCH, { ...files.enclosed, entry });
  const listed = layers.flatMap(({ plan }) => plan.entries).filter(({ kind }) => kind === "file");
  expect(listed.length).toBeGreaterThan(500);
  expect(all).toBeLessThan(520);
  expect(most).toBeLessThanOrEqual(64);
});

it("A snapshot of the Hub becomes a layer of its blobs; links, branches and listings are generated", async () => {
  const { root, files } = await makeTestDirectory();
  const commit = "3f1ec0ffee0123456789abcdef0123456789abcd";
  const hub = await writeTree(join(root, "hub"), {
    "blobs/aa": "weights",
    "blobs/bb": "{}",
    [`trees/${commit}.json`]: "[]",
  });
  const model = {
    registry: "huggingface" as const,
    tag: { name: "acme--tiny", version: "3f1e" },
    repository: "acme/tiny",
    revision: "main",
    include: [],
    exclude: [],
  };
  const snapshot: LocatedModel = {
    kind: "snapshot",
    model,
    directory: enclosureOf(hub),
    commit,
    files: [
      { source: "blobs/bb", path: "config.json", size: 2 },
      { source: "blobs/aa", path: "sub/model.bin", size: 7 },
    ],
    listed: true,
    origin: "cache",
  };
  const recipe = recipeOf(bentoIn(await writeTree(join(root, "bento"), FILES)), [snapshot]);
  const [weights, ...others] = await collectPayload(recipe, EPOCH, files.enclosed);
  const home = "home/bentoml/bento/hf-models/models--acme--tiny";
  expect(printBelow(weights?.plan.entries ?? []).slice(2)).toEqual([
    `755 1034 ${home}/blobs/`,
    `644 1034 ${home}/blobs/aa`,
    `644 1034 ${home}/blobs/bb`,
  ]);
  const generated = others.find(({ plan }) => plan.title === "generated")?.plan.entries ?? [];
  expect(generated.map(print).filter((line) => line.includes(home) && !line.endsWith("/"))).toEqual([
    `644 1034 ${home}/refs/main`,
    `${home}/snapshots/${commit}/config.json -> ../../blobs/bb`,
    `${home}/snapshots/${commit}/sub/model.bin -> ../../../blobs/aa`,
    `644 1034 ${home}/trees/${commit}.json`,
  ]);
});

/** Executes the recipe's copies with cp, layer by layer, into a directory in place of the image's root. */
async function copyAll(recipe: Recipe, root: string): Promise<void> {
  const { generated } = await keepFiles(
    { ...recipe, buildArgs: {}, dockerfile: "" },
    { files: realFiles(dirname(root)) },
  );
  const directoryOf = (context: string | undefined): string => {
    if (context === "generated") return generated ?? "";
    return (recipe.contexts.find(({ name }) => name === context)?.directory ?? recipe.context).path;
  };
  for (const { context, sources, destination } of recipe.payload.flatMap(({ copies }) => copies)) {
    const place = join(root, destination);
    await mkdir(destination.endsWith("/") ? place : dirname(place), { recursive: true });
    for (const source of sources) {
      const from = join(directoryOf(context), source);
      const script = 'if [ -d "$0" ]; then mkdir -p "$1" && cp -a "$0/." "$1"; else cp -L "$0" "$1"; fi';
      execFileSync("sh", ["-c", script, from, place]);
    }
  }
}

/** Kind, path, and link target or file size of everything below the directory. */
function listImage(root: string): readonly string[] {
  const format = "%y %P %l\\n";
  const lines = execFileSync("find", [root, "-mindepth", "1", "-printf", format]).toString().trimEnd().split("\n");
  const sizes = execFileSync("find", [root, "-type", "f", "-printf", "f %P  %s\\n"]).toString().trimEnd().split("\n");
  return [...lines.filter((line) => !line.startsWith("f ")).map((line) => line.trimEnd()), ...sizes].sort();
}

/** The same for the collected entries; later layers take precedence. */
function listLayers(layers: readonly CollectedLayer[]): readonly string[] {
  const all = new Map(layers.flatMap(({ plan }) => plan.entries).map((entry) => [entry.path, entry]));
  const lines = [...all.values()].map((entry) => {
    if (entry.kind === "directory") return `d ${entry.path}`;
    return entry.kind === "link" ? `l ${entry.path} ${entry.target}` : `f ${entry.path}  ${entry.size}`;
  });
  return lines.sort();
}

const oracle = fileURLToPath(new URL("../fixtures/image/oracle.json", import.meta.url));
const ids = Object.keys(JSON.parse(await readFile(oracle, "utf8")));

describe("For every Bento built by BentoML, the layers contain what the Dockerfile's COPYs copy", () => {
  it.each(ids)("%s", async (id) => {
    const { root, files } = await makeTestDirectory();
    const recipe = await readRecipe(id);
    const image = join(root, "image");
    await copyAll(recipe, image);
    const layers = await collectPayload(recipe, EPOCH, files.enclosed);
    expect(listLayers(layers)).toEqual(listImage(image));
    expect(layers.filter(({ layer }) => layer.kind === "model")).toHaveLength(recipe.contexts.length);
  });
});
