import { join } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { Machine } from "../machine/machine.ts";
import { readCreationTimeOf } from "./manifest.ts";
import { readStrictText } from "./read-text.ts";
import type { TagReference } from "./tag.ts";

/** How many names a message lists. */
const MAX_LISTED = 10;

/**
 * Finds a version in BentoML's store as BentoML does (`Store.get`, `Store._recreate_latest` in
 * https://github.com/bentoml/BentoML/blob/v1.4.38/src/bentoml/_internal/store.py): the exact one, `latest`, or the only one
 * with that prefix. Unlike BentoML, it does not write to the store and ignores version folders without a manifest.
 * @param directory absolute, `<BENTOML_HOME>/bentos`.
 * @returns absolute path of the version's folder.
 * @throws {Failure} input/NotFound or Ambiguous.
 */
export async function findInStore(
  reference: TagReference,
  directory: string,
  machine: Pick<Machine, "files" | "actions">,
): Promise<string> {
  const folder = join(directory, reference.name);
  const versions = await listVersions(folder, machine);
  if (versions.length === 0) throw await noSuchName(reference, directory, machine);
  const version =
    reference.version === undefined || reference.version === "latest"
      ? await latestVersion(folder, versions, machine)
      : matchVersion(reference.name, reference.version, versions, directory);
  return join(folder, version);
}

/** Names and versions in the store, `name:version`, for messages. */
async function listStore(directory: string, machine: Pick<Machine, "files">): Promise<readonly string[]> {
  const names = await listDirectories(directory, machine);
  const tags = await Promise.all(
    names.map(async (name) =>
      (await listVersions(join(directory, name), machine)).map((version) => `${name}:${version}`),
    ),
  );
  return tags.flat();
}

async function listVersions(folder: string, machine: Pick<Machine, "files">): Promise<readonly string[]> {
  const names = await listDirectories(folder, machine);
  const manifests = await Promise.all(names.map((name) => machine.files.info(join(folder, name, "bento.yaml"))));
  return names.filter((_, index) => manifests[index] !== undefined);
}

async function listDirectories(directory: string, machine: Pick<Machine, "files">): Promise<readonly string[]> {
  if ((await machine.files.info(directory)) === undefined) return [];
  const entries = await machine.files.list(directory);
  return entries.filter(({ kind }) => kind === "directory" || kind === "symlink").map(({ name }) => name);
}

function matchVersion(name: string, requested: string, versions: readonly string[], directory: string): string {
  if (versions.includes(requested)) return requested;
  const matches = versions.filter((version) => version.startsWith(requested));
  const [match, ...others] = matches;
  if (match !== undefined && others.length === 0) return match;
  if (match !== undefined) {
    throw new Failure("input", `${name}:${requested} matches several Bentos: ${some(matches)}`, {
      code: "Ambiguous",
      hint: "Use a longer prefix or the full version.",
    });
  }
  throw new Failure(
    "input",
    `The Bento Store ${directory} does not have ${name}:${requested}; versions of ${name}: ${some(versions)}`,
    {
      code: "NotFound",
      hint: "Build the Bento with `bentoml build` or pull it from BentoCloud with `bentoml pull`.",
    },
  );
}

async function noSuchName(
  { name, version }: TagReference,
  directory: string,
  machine: Pick<Machine, "files">,
): Promise<Failure> {
  const tags = await listStore(directory, machine);
  const content = tags.length === 0 ? "the store is empty" : `it has ${some(tags)}`;
  const requested = version === undefined ? name : `${name}:${version}`;
  return new Failure("input", `The Bento Store ${directory} does not have ${requested}; ${content}`, {
    code: "NotFound",
    hint: "Check `bentoml-home`, or build the Bento in an earlier step of this job.",
  });
}

/** The version in the file `latest`. If the file is missing or its version does not exist, the newest by creation time. */
async function latestVersion(
  folder: string,
  versions: readonly string[],
  machine: Pick<Machine, "files" | "actions">,
): Promise<string> {
  const { enclosed } = machine.files;
  const named = (await readStrictText(await enclosed.enclose(folder), "latest", enclosed))?.trim() ?? "";
  if (versions.includes(named)) return named;
  const times = await Promise.all(versions.map((version) => creationTime(join(folder, version), machine)));
  const dated = versions.map((version, index) => ({
    version,
    time: times[index]?.getTime() ?? Number.NEGATIVE_INFINITY,
  }));
  const newest = dated.reduce((best, candidate) => (candidate.time > best.time ? candidate : best));
  return newest.version;
}

async function creationTime(folder: string, machine: Pick<Machine, "files" | "actions">): Promise<Date | undefined> {
  const { enclosed } = machine.files;
  try {
    const text = await readStrictText(await enclosed.enclose(folder), "bento.yaml", enclosed);
    return text === undefined ? undefined : await readCreationTimeOf(text, join(folder, "bento.yaml"));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    machine.actions.warning(`A version was ignored in the search for the newest one: ${error.message}`);
    return undefined;
  }
}

function some(names: readonly string[]): string {
  const more = names.length - MAX_LISTED;
  return `${names.slice(0, MAX_LISTED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
