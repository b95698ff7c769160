import { join } from "node:path/posix";
import { Failure, firstFew } from "../errors.ts";
import { mapFiles } from "../machine/concurrency.ts";
import type { Enclosure } from "../machine/enclosure.ts";
import type { Machine } from "../machine/machine.ts";
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

type ModelMachine = Pick<Machine, "env" | "workspace" | "files" | "http" | "actions" | "signal" | "now">;

interface LocateOptions extends SnapshotOptions {
  readonly bentomlHome?: string;
}

/**
 * Locates the files of every model of a Bento, in the Bento's order. A BentoML model is taken from the Bento itself or
 * from the store. A Hugging Face model is taken from the cache on disk or downloaded into it; big files may stay at the
 * Hub until {@link fetchModels}. A dry run only requests the listing.
 * @throws {Failure} bento/ModelMissing with all BentoML models that were not found; for Hugging Face see `locateSnapshot`.
 */
export async function locateModels(
  bento: Bento,
  options: LocateOptions,
  machine: ModelMachine,
): Promise<readonly LocatedModel[]> {
  // A function, because a Bento that contains its models needs no store and so no HOME.
  const store = (): string => storeDirectories(bentomlHome(options.bentomlHome, machine)).models;
  // Checked before anything is downloaded, because missing store models fail the run anyway.
  const stored = await locateStoreModels(bento, store, machine);
  const located: LocatedModel[] = [];
  for (const model of bento.models) {
    const found = model.registry === "bentoml" ? stored.get(model) : await locateSnapshot(model, machine, options);
    if (found !== undefined) located.push(found);
  }
  return located;
}

/** Files that are only at the Hub, by the absolute paths that they would have on disk. */
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
 * The same models with all of their files on disk. Files that are only at the Hub are downloaded into the cache.
 * @throws {Failure} see `fetchSnapshot`.
 */
export async function fetchModels(
  models: readonly LocatedModel[],
  machine: ModelMachine,
): Promise<readonly LocatedModel[]> {
  const fetched: LocatedModel[] = [];
  for (const located of models) {
    fetched.push(located.kind === "snapshot" ? await fetchSnapshot(located, machine) : located);
  }
  return fetched;
}

async function locateStoreModels(
  bento: Bento,
  store: () => string,
  machine: ModelMachine,
): Promise<ReadonlyMap<StoreModel, LocatedStoreModel>> {
  const models = bento.models.filter((model) => model.registry === "bentoml");
  const found = await mapFiles(models, (model) => locateStoreModel(model, bento.directory, store, machine));
  const missing = models.filter((_, index) => found[index] === undefined).map(({ tag }) => printTag(tag));
  if (missing.length > 0) throw allMissing(missing, bento.directory.path, store());
  return new Map(models.flatMap((model, index) => pair(model, found[index])));
}

/** A model in the Bento itself has precedence over the store. */
async function locateStoreModel(
  model: StoreModel,
  bento: Enclosure,
  store: () => string,
  machine: ModelMachine,
): Promise<LocatedStoreModel | undefined> {
  const { name, version } = model.tag;
  const found = await machine.files.enclosed.find(bento, join("models", name, version));
  const inBento = found?.kind === "directory" ? await locateAt(model, "bento", found.directory, machine) : undefined;
  if (inBento !== undefined) return inBento;
  const directory = await encloseNamed(join(store(), name, version), machine);
  const stored = await locateAt(model, "store", directory, machine);
  if (stored !== undefined) await checkReadable(directory, machine.files.enclosed);
  return stored;
}

async function locateAt(
  model: StoreModel,
  origin: LocatedStoreModel["origin"],
  directory: Enclosure,
  machine: ModelMachine,
): Promise<LocatedStoreModel | undefined> {
  if ((await findFile(directory, "model.yaml", machine.files.enclosed)) === undefined) return undefined;
  return { kind: "store", model: await withCreationTime(model, directory, machine), origin, directory };
}

function pair(model: StoreModel, found: LocatedStoreModel | undefined): [StoreModel, LocatedStoreModel][] {
  return found === undefined ? [] : [[model, found]];
}

/** Adds the creation time from model.yaml if the manifest does not have it; before 1.0.0a7 manifests had only tags. */
async function withCreationTime(model: StoreModel, directory: Enclosure, machine: ModelMachine): Promise<StoreModel> {
  if (model.creationTime !== undefined) return model;
  const text = await readStrictText(directory, "model.yaml", machine.files.enclosed);
  const creationTime = await readCreationTimeOf(text ?? "", join(directory.path, "model.yaml"));
  return creationTime === undefined ? model : { ...model, creationTime };
}

function allMissing(tags: readonly string[], directory: string, store: string): Failure {
  const pulls = firstFew(tags.map((tag) => `bentoml models pull ${tag}`));
  return new Failure(
    "bento",
    `Models of the Bento not found: ${firstFew(tags).join(", ")}. Searched ${join(directory, "models")} and ${store}`,
    {
      code: "ModelMissing",
      lines: pulls,
      hint:
        `Restore the Model Store of the machine that built the Bento (\`bentoml-home\`), export the Bento with its models ` +
        `(\`bentoml export\`), or log in to BentoCloud and pull them: ` +
        firstFew(tags.map((tag) => `\`bentoml models pull ${tag}\``)).join(", "),
    },
  );
}
