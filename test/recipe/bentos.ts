/** The Bentos of test/fixtures/bentos, read by the real reader, with their models located. */
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { dirname, join, matchesGlob } from "node:path";
import { locateBento } from "../../src/bento/address.ts";
import type { Bento, BentoModel, LocatedModel } from "../../src/bento/bento.ts";
import { readBento } from "../../src/bento/bento-directory.ts";
import { makeRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { fixture, listTree, unpackFixture } from "../bento/fixtures.ts";
import { makeSetting } from "../bento/setting.ts";
import { enclosureOf } from "../fakes/enclosed.ts";

export const TOOL = "bento-image 1.0.0";

/** The Bentos that there is a golden Dockerfile of: what makes each another one → its id, see {@link readCase}. */
export const GOLDEN = {
  "minimal: the least a Bento has": "minimal greeter:az3yh3hfjwpwwax4",
  "sklearn: a model, a package index": "sklearn iris_classifier:bkemozxfjwqs2ax4",
  "huggingface: snapshots of the Hub and a build secret": "huggingface captioner:ek5wttxfjwpj4ax4",
  "envs: values that must arrive to the letter": "envs env_zoo:ceqyynhfjw5b6ax4",
  "toolbox: commands and scripts before and after the packages, included sources": "toolbox toolbox:qzolrtxfj26saax4",
  "v1-setup-script: spec 1 on debian, a script that runs last": "v1-setup-script classic:guqwbdhfjwcpgax4",
  "v1-conda: spec 1 on conda": "v1-conda snake:hv6bq3hfjwnscax4",
  "v1-cuda: spec 1 on CUDA": "v1-cuda gpu:ifiypoxfjwdrqax4",
};

export interface BentoCase {
  readonly bento: Bento;
  readonly models: readonly LocatedModel[];
}

/** @param id case and tag, as in test/fixtures/image/oracle.json: `minimal greeter:az3yh3hfjwpwwax4`. */
export async function readCase(id: string): Promise<BentoCase> {
  const [name = "", tag = ""] = id.split(" ");
  const { root, machine } = await makeSetting();
  const home = await unpackFixture(join(root, "home"), `good/${name}/home.tar.gz`);
  const bento = await readBento(await locateBento({ bento: tag, bentomlHome: home }, machine), machine);
  return { bento, models: await Promise.all(bento.models.map((model) => locate(model, home, join(root, "cache")))) };
}

export async function readRecipe(id: string, buildArgs: Readonly<Record<string, string>> = {}): Promise<Recipe> {
  const { bento, models } = await readCase(id);
  return makeRecipe(bento, models, { buildArgs, tool: TOOL });
}

async function locate(model: BentoModel, home: string, cache: string): Promise<LocatedModel> {
  const { name, version } = model.tag;
  if (model.registry === "bentoml") {
    return { kind: "store", model, directory: enclosureOf(join(home, "models", name, version)), origin: "store" };
  }
  const [owner = "", repository = ""] = model.repository.split("/");
  // The Hub keeps the case of the repository name; BentoML's manifest has it in lower case.
  const spelled = (await readdir(fixture("hub", owner))).find((other) => other.toLowerCase() === repository);
  const hub = fixture("hub", owner, spelled ?? repository, model.revision);
  const directory = join(cache, `models--${model.repository.replaceAll("/", "--")}`);
  const listed = (await listTree(hub)).map((line) => /^(.*) \d+ (\d+) (\w+)$/.exec(line));
  const files = listed.flatMap((match) => {
    const [, path = "", size = "", hash = ""] = match ?? [];
    const wanted = model.include.length === 0 || model.include.some((glob) => matchesGlob(path, glob));
    const unwanted = model.exclude.some((glob) => matchesGlob(path, glob.replace(/\/$/, "/*")));
    return wanted && !unwanted && path !== "" ? [{ path, size: Number(size), source: `blobs/${hash}` }] : [];
  });
  for (const { path, source } of files) {
    await mkdir(dirname(join(directory, source)), { recursive: true });
    await copyFile(join(hub, path), join(directory, source));
  }
  return {
    kind: "snapshot",
    model,
    directory: enclosureOf(directory),
    files,
    commit: model.revision,
    listed: false,
    origin: "cache",
  };
}
