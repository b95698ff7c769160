import { join, normalize } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { Files, World } from "../world/world.ts";
import type { Bento, BentoEntry, ImageOptionsV1, ImageOptionsV2, LocatedBento } from "./bento.ts";
import { condaPython } from "./conda.ts";
import { type ManifestImageV1, pythonMinor } from "./image-options.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { checkReadable } from "./readability.ts";
import {
  findMissingFiles,
  findMissingIncludes,
  findMissingPackages,
  findMissingScripts,
  type MissingReference,
} from "./references.ts";
import { parseRequirements, type Requirements } from "./requirements.ts";
import { readStrictText } from "./yaml.ts";

export interface ReadOptions {
  /** Whether all that our recipe reads must be there; a Dockerfile of somebody else reads what it likes. By default yes. */
  readonly complete?: boolean;
}

/**
 * Reads a Bento: its manifest, and of its files what the recipe must know. Checks up front what would otherwise fail in
 * the middle of a build: that everything the Bento refers to is in it and can be read. Warns of oddities.
 * @throws {Failure} bento/ManifestMissing, ManifestInvalid, TagInvalid, ValueInvalid, ReferenceMissing, Unreadable,
 * UnsafePath, TooLarge.
 */
export async function readBento(
  located: LocatedBento,
  world: Pick<World, "files" | "actions">,
  { complete = true }: ReadOptions = {},
): Promise<Bento> {
  const { directory } = located;
  const manifest = await readManifestFile(located, world);
  for (const warning of manifest.warnings) world.actions.warning(warning);
  await checkReadable(directory, world.files);
  const image = await completeImage(manifest, directory, world);
  const requirements = await readRequirements(image, directory, world);
  if (complete) await checkReferences(image, requirements, directory, world.files);
  const { warnings: _, ...rest } = manifest;
  return {
    ...rest,
    image: image.spec === 2 ? coverPackages(image, requirements) : image,
    directory,
    entries: await readEntries(directory, world.files),
    indexOptions: requirements.indexOptions,
  };
}

async function readManifestFile(located: LocatedBento, world: Pick<World, "files">): Promise<Manifest> {
  const file = join(located.directory, "bento.yaml");
  const info = await world.files.info(file);
  if (info === undefined) {
    throw new Failure("bento", `${located.address} is not a Bento: there is no bento.yaml in ${located.directory}`, {
      code: "ManifestMissing",
      hint: "Give the directory, archive or tag that `bentoml build` made, not the project it was made from.",
    });
  }
  if (info.kind !== "file") {
    throw new Failure("bento", `${file} must be a regular file; it is a ${info.kind}`, { code: "UnsafePath" });
  }
  return readManifest(await readStrictText(file, world), file);
}

async function completeImage(
  manifest: Manifest,
  directory: string,
  world: Pick<World, "files">,
): Promise<ImageOptionsV1 | ImageOptionsV2> {
  const { image } = manifest;
  if (image.spec === 2) return { ...image, buildInclude: checkIncludes(image.buildInclude, directory) };
  const pythonVersion = image.pythonVersion ?? (await builderPython(image, directory, world));
  const conda = image.conda ? await readCondaPython(directory, world) : undefined;
  const condaOrOwn = conda ?? pythonVersion;
  return {
    ...image,
    ...(pythonVersion === undefined ? {} : { pythonVersion }),
    ...(image.conda && condaOrOwn !== undefined ? { condaPython: condaOrOwn } : {}),
    installScript: (await world.files.info(join(directory, "env/python/install.sh"))) !== undefined,
  };
}

/** Bentos of 1.0 pre-releases name no Python; BentoML then takes the containerizing machine's. The building one's is at hand. */
async function builderPython(
  image: ManifestImageV1,
  directory: string,
  world: Pick<World, "files">,
): Promise<string | undefined> {
  const file = join(directory, "env/python/version.txt");
  if (image.baseImage !== undefined || (await world.files.info(file)) === undefined) return undefined;
  return pythonMinor(await readStrictText(file, world));
}

async function readCondaPython(directory: string, world: Pick<World, "files">): Promise<string | undefined> {
  const file = join(directory, "env/conda/environment.yml");
  return (await world.files.info(file)) === undefined ? undefined : condaPython(await readStrictText(file, world));
}

function checkIncludes(paths: readonly string[], directory: string): readonly string[] {
  const normal = paths.map((path) => normalize(path).replace(/\/$/, ""));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  const bad = paths.filter((_, index) => /^\/|^\.\.(?:\/|$)|[\u0000-\u001f]/.test(normal[index] ?? ""));
  if (bad.length === 0) return normal;
  throw new Failure("bento", `\`image.build_include\` leaves src/: ${bad.join(", ")}`, {
    code: "UnsafePath",
    position: { file: join(directory, "bento.yaml") },
  });
}

/** Where the file that gets installed lies, and from where its relative paths count. */
async function requirementsPlace(image: ImageOptionsV1 | ImageOptionsV2, directory: string, files: Files) {
  const python = join(directory, "env/python");
  if (image.spec === 1) {
    const lock = join(python, "requirements.lock.txt");
    const locked = (await files.info(lock)) !== undefined;
    return { file: locked ? lock : join(python, "requirements.txt"), root: python };
  }
  const src = join(directory, "src");
  // `uv --directory ./src`, or env/python for a Bento without sources (base_v2.j2 of BentoML).
  const root = (await files.info(src)) === undefined ? python : src;
  return { file: join(python, "requirements.txt"), root };
}

interface PlacedRequirements extends Requirements {
  readonly file: string;
  readonly root: string;
}

async function readRequirements(
  image: ImageOptionsV1 | ImageOptionsV2,
  directory: string,
  world: Pick<World, "files">,
): Promise<PlacedRequirements> {
  const place = await requirementsPlace(image, directory, world.files);
  const exists = (await world.files.info(place.file)) !== undefined;
  return { ...place, ...parseRequirements(exists ? await readStrictText(place.file, world) : "") };
}

async function checkReferences(
  image: ImageOptionsV1 | ImageOptionsV2,
  { references, root, file }: PlacedRequirements,
  directory: string,
  files: Files,
): Promise<void> {
  const missing: readonly MissingReference[] = [
    ...(await findMissingFiles(image, directory, files)),
    ...(image.spec === 2 ? await findMissingScripts(image, directory, files) : []),
    ...(image.spec === 2 ? await findMissingIncludes(image, directory, files) : []),
    ...(await findMissingPackages(references, root, file, files)),
  ];
  if (missing.length === 0) return;
  const messages = missing.map(({ message }) => message);
  const hints = [...new Set(missing.map(({ hint }) => hint).filter((hint) => hint !== undefined))];
  throw new Failure("bento", `The Bento in ${directory} is not complete: ${messages.join("; ")}`, {
    code: "ReferenceMissing",
    lines: messages,
    hint:
      hints.join(" ") ||
      "Build the Bento again; if the file stays away, its build options name a file they do not ship.",
  });
}

/** Spec 2 installs with only `build_include` in place, and BentoML ≤ 1.4.38 leaves `wheels` out of it unless it locks. */
function coverPackages(image: ImageOptionsV2, { references }: Requirements): ImageOptionsV2 {
  const paths = references.filter(({ kind }) => kind === "file").map(({ path }) => normalize(path));
  const covered = (path: string) =>
    image.buildInclude.some((include) => include === "." || path === include || path.startsWith(`${include}/`));
  const added = [...new Set(paths.filter((path) => !covered(path)))];
  return { ...image, buildInclude: [...image.buildInclude, ...added] };
}

async function readEntries(directory: string, files: Files): Promise<readonly BentoEntry[]> {
  const entries = await files.list(directory);
  return entries.flatMap(({ name, kind }) => (kind === "other" ? [] : [{ name, kind }]));
}
