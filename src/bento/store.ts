import { join } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { Machine } from "../machine/machine.ts";
import { readCreationTimeOf } from "./manifest.ts";
import { readStrictText } from "./read-text.ts";
import type { TagReference } from "./tag.ts";

/** More names than this help nobody. */
const NAMED = 10;

/**
 * A version in BentoML's store, found as BentoML does (`Store.get`, `Store._recreate_latest` in
 * https://github.com/bentoml/BentoML/blob/v1.4.38/src/bentoml/_internal/store.py): exact, `latest`, or the only one that
 * begins so. Unlike BentoML it never writes to the store, and it skips version folders without a manifest.
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

function matchVersion(name: string, wanted: string, versions: readonly string[], directory: string): string {
  if (versions.includes(wanted)) return wanted;
  const matches = versions.filter((version) => version.startsWith(wanted));
  const [match, ...others] = matches;
  if (match !== undefined && others.length === 0) return match;
  if (match !== undefined) {
    throw new Failure("input", `${name}:${wanted} fits several Bentos: ${some(matches)}`, {
      code: "Ambiguous",
      hint: "Write more of the version.",
    });
  }
  throw new Failure(
    "input",
    `The Bento store ${directory} has no ${name}:${wanted}; of ${name} it has ${some(versions)}`,
    {
      code: "NotFound",
      hint: "`bentoml pull` fetches a Bento from BentoCloud, `bentoml build` makes one.",
    },
  );
}

async function noSuchName(
  { name, version }: TagReference,
  directory: string,
  machine: Pick<Machine, "files">,
): Promise<Failure> {
  const tags = await listStore(directory, machine);
  const content = tags.length === 0 ? "it holds no Bentos" : `it has ${some(tags)}`;
  const wanted = version === undefined ? name : `${name}:${version}`;
  return new Failure("input", `The Bento store ${directory} has no ${wanted}; ${content}`, {
    code: "NotFound",
    hint: "Check `bentoml-home`, or build the Bento in an earlier step of this job.",
  });
}

/** The version named by the file `latest`; when that is missing or names nothing, the newest by creation time. */
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
    machine.actions.warning(`Skipped while looking for the newest version: ${error.message}`);
    return undefined;
  }
}

function some(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
