import { join } from "node:path/posix";
import { Failure, firstFew } from "../errors.ts";
import { inBatches } from "../in-batches.ts";
import type { Enclosure } from "../world/enclosure.ts";
import type { World } from "../world/world.ts";
import {
  type Bento,
  type LocatedModel,
  type LocatedStoreModel,
  printTag,
  type RemoteFile,
  type StoreModel,
} from "./bento.ts";
import { bentomlHome, storeDirectories } from "./home.ts";
import { fetchSnapshot } from "./hub/fetch.ts";
import { locateSnapshot, type SnapshotOptions } from "./hub/snapshot.ts";
import { readCreationTimeOf } from "./manifest.ts";
import { encloseNamed } from "./named-directory.ts";
import { findFile, readStrictText } from "./read-text.ts";
import { checkReadable } from "./readability.ts";

type ModelWorld = Pick<World, "env" | "workspace" | "files" | "http" | "actions" | "signal" | "now">;

interface LocateOptions extends SnapshotOptions {
  readonly bentomlHome?: string;
}

/**
 * Finds the bytes of every model of a Bento, in the Bento's order. A BentoML model is taken from the Bento itself, else
 * from the store; one of Hugging Face from the cache on disk, else it is downloaded into that cache, but for big files
 * that may stay at the Hub until {@link fetchModels} (on a dry run only its listing is asked for).
 * @throws {Failure} bento/ModelMissing naming all BentoML models that are nowhere; for Hugging Face see `locateSnapshot`.
 */
export async function locateModels(
  bento: Bento,
  options: LocateOptions,
  world: ModelWorld,
): Promise<readonly LocatedModel[]> {
  // Asked for only where it is needed: a Bento that holds its models needs no store, and so no HOME.
  const store = (): string => storeDirectories(bentomlHome(options.bentomlHome, world)).models;
  // Before anything is downloaded: what is missing here no download mends.
  const stored = await locateStoreModels(bento, store, world);
  const located: LocatedModel[] = [];
  for (const model of bento.models) {
    const found = model.registry === "bentoml" ? stored.get(model) : await locateSnapshot(model, world, options);
    if (found !== undefined) located.push(found);
  }
  return located;
}

/** Files that are at the Hub alone, by the absolute path that they would have on disk. */
export function remoteFilesOf(models: readonly LocatedModel[]): ReadonlyMap<string, RemoteFile> {
  const all = new Map<string, RemoteFile>();
  for (const located of models) {
    if (located.kind === "store") continue;
    const { model, commit, directory } = located;
    for (const { source, path, size, remote } of located.files) {
      if (remote !== undefined) all.set(join(directory.path, source), { model, commit, path, size, sha256: remote });
    }
  }
  return all;
}

/**
 * The same models with all of their files on disk: what is at the Hub alone is downloaded into the cache.
 * @throws {Failure} see `fetchSnapshot`.
 */
export async function fetchModels(
  models: readonly LocatedModel[],
  world: ModelWorld,
): Promise<readonly LocatedModel[]> {
  const fetched: LocatedModel[] = [];
  for (const located of models) {
    fetched.push(located.kind === "snapshot" ? await fetchSnapshot(located, world) : located);
  }
  return fetched;
}

async function locateStoreModels(
  bento: Bento,
  store: () => string,
  world: ModelWorld,
): Promise<ReadonlyMap<StoreModel, LocatedStoreModel>> {
  const models = bento.models.filter((model) => model.registry === "bentoml");
  const found = await inBatches(models, (model) => locateStoreModel(model, bento.directory, store, world));
  const missing = models.filter((_, index) => found[index] === undefined).map(({ tag }) => printTag(tag));
  if (missing.length > 0) throw allMissing(missing, bento.directory.path, store());
  return new Map(models.flatMap((model, index) => pair(model, found[index])));
}

/** What the Bento itself holds counts before the store. */
async function locateStoreModel(
  model: StoreModel,
  bento: Enclosure,
  store: () => string,
  world: ModelWorld,
): Promise<LocatedStoreModel | undefined> {
  const { name, version } = model.tag;
  const held = await world.files.enclosed.find(bento, join("models", name, version));
  const inBento = held?.kind === "directory" ? await locateAt(model, "bento", held.directory, world) : undefined;
  if (inBento !== undefined) return inBento;
  const directory = await encloseNamed(join(store(), name, version), world);
  const stored = await locateAt(model, "store", directory, world);
  if (stored !== undefined) await checkReadable(directory, world.files.enclosed);
  return stored;
}

async function locateAt(
  model: StoreModel,
  origin: LocatedStoreModel["origin"],
  directory: Enclosure,
  world: ModelWorld,
): Promise<LocatedStoreModel | undefined> {
  if ((await findFile(directory, "model.yaml", world.files.enclosed)) === undefined) return undefined;
  return { kind: "store", model: await dated(model, directory, world), origin, directory };
}

function pair(model: StoreModel, found: LocatedStoreModel | undefined): [StoreModel, LocatedStoreModel][] {
  return found === undefined ? [] : [[model, found]];
}

/** Manifests before 1.0.0a7 give only tags; the model's own file knows its time. */
async function dated(model: StoreModel, directory: Enclosure, world: ModelWorld): Promise<StoreModel> {
  if (model.creationTime !== undefined) return model;
  const text = await readStrictText(directory, "model.yaml", world.files.enclosed);
  const creationTime = await readCreationTimeOf(text ?? "", join(directory.path, "model.yaml"));
  return creationTime === undefined ? model : { ...model, creationTime };
}

function allMissing(tags: readonly string[], directory: string, store: string): Failure {
  const pulls = firstFew(tags.map((tag) => `bentoml models pull ${tag}`));
  return new Failure(
    "bento",
    `The Bento needs ${firstFew(tags).join(", ")}, found neither in ${join(directory, "models")} nor in ${store}`,
    {
      code: "ModelMissing",
      lines: pulls,
      hint:
        `Restore the store of the machine that built the Bento (\`bentoml-home\`), export the Bento with its models ` +
        `(\`bentoml export\`), or fetch them from BentoCloud after a login: ` +
        firstFew(tags.map((tag) => `\`bentoml models pull ${tag}\``)).join(", "),
    },
  );
}
