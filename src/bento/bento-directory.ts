import { join, normalize } from "node:path/posix";
import { Failure, firstFew } from "../errors.ts";
import type { EnclosedFiles, Enclosure } from "../machine/enclosure.ts";
import type { Machine } from "../machine/machine.ts";
import type { Bento, BentoEntry, ImageOptionsV1, ImageOptionsV2, LocatedBento } from "./bento.ts";
import { condaPython } from "./conda.ts";
import { type ManifestImageV1, pythonMinor } from "./image-options.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { findFile, readStrictText } from "./read-text.ts";
import { checkReadable } from "./readability.ts";
import {
  findMissingFiles,
  findMissingIncludes,
  findMissingPackages,
  findMissingScripts,
  type MissingReference,
  uncoveredPackages,
} from "./references.ts";
import { parseRequirements, type Requirements } from "./requirements.ts";

export interface ReadOptions {
  /** Whether every file that the recipe needs must exist. Default: true. A user's own Dockerfile may need other files. */
  readonly complete?: boolean;
}

/**
 * Reads a Bento: its manifest and the facts that the recipe needs from its files. Checks in advance that everything the
 * Bento refers to exists and can be read, which would fail in the middle of a build otherwise.
 * @throws {Failure} bento/ManifestMissing, ManifestInvalid, TagInvalid, ValueInvalid, ReferenceMissing, Unreadable,
 * UnsafePath, TooLarge.
 */
export async function readBento(
  located: LocatedBento,
  machine: Pick<Machine, "files" | "actions">,
  { complete = true }: ReadOptions = {},
): Promise<Bento> {
  const { directory } = located;
  const files = machine.files.enclosed;
  const manifest = await readManifestFile(located, files);
  for (const warning of manifest.warnings) machine.actions.warning(warning);
  await checkReadable(directory, files);
  const image = await completeImage(manifest, directory, files);
  const requirements = await readRequirements(image, directory, files);
  if (complete) await checkReferences(image, requirements, directory, files);
  const { warnings: _, ...rest } = manifest;
  return {
    ...rest,
    image: image.spec === 2 ? coverPackages(image, requirements) : image,
    directory,
    entries: await readEntries(directory, files),
    indexOptions: requirements.indexOptions,
  };
}

async function readManifestFile({ directory, address }: LocatedBento, files: EnclosedFiles): Promise<Manifest> {
  const file = join(directory.path, "bento.yaml");
  const text = await readStrictText(directory, "bento.yaml", files);
  if (text === undefined) {
    throw new Failure("bento", `${address} is not a Bento: there is no bento.yaml in ${directory.path}`, {
      code: "ManifestMissing",
      hint: "Use the directory, archive or tag that `bentoml build` created, not the project.",
    });
  }
  // A link is refused even if it stays in the Bento: the manifest marks the directory of the Bento.
  if ((await files.entry(directory, "bento.yaml")) === undefined) {
    throw new Failure("bento", `${file} must be a regular file; it is a link`, { code: "UnsafePath" });
  }
  return readManifest(text, file);
}

async function completeImage(
  manifest: Manifest,
  directory: Enclosure,
  files: EnclosedFiles,
): Promise<ImageOptionsV1 | ImageOptionsV2> {
  const { image } = manifest;
  if (image.spec === 2) return { ...image, buildInclude: checkIncludes(image.buildInclude, directory.path) };
  const pythonVersion = image.pythonVersion ?? (await builderPython(image, directory, files));
  const conda = image.conda ? await readCondaPython(directory, files) : undefined;
  const condaVersion = conda ?? pythonVersion;
  return {
    ...image,
    ...(pythonVersion === undefined ? {} : { pythonVersion }),
    ...(image.conda && condaVersion !== undefined ? { condaPython: condaVersion } : {}),
    installScript: (await findFile(directory, "env/python/install.sh", files)) !== undefined,
  };
}

/** Bentos of 1.0 pre-releases have no Python version. BentoML then uses that of the machine that containerizes; this uses the stored one of the machine that built the Bento. */
async function builderPython(
  image: ManifestImageV1,
  directory: Enclosure,
  files: EnclosedFiles,
): Promise<string | undefined> {
  if (image.baseImage !== undefined) return undefined;
  const text = await readStrictText(directory, "env/python/version.txt", files);
  return text === undefined ? undefined : pythonMinor(text);
}

async function readCondaPython(directory: Enclosure, files: EnclosedFiles): Promise<string | undefined> {
  const text = await readStrictText(directory, "env/conda/environment.yml", files);
  return text === undefined ? undefined : condaPython(text);
}

function checkIncludes(paths: readonly string[], directory: string): readonly string[] {
  const normal = paths.map((path) => normalize(path).replace(/\/$/, ""));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters.
  const bad = paths.filter((_, index) => /^\/|^\.\.(?:\/|$)|[\u0000-\u001f]/.test(normal[index] ?? ""));
  if (bad.length === 0) return normal;
  throw new Failure("bento", `\`image.build_include\` has paths outside src/: ${bad.join(", ")}`, {
    code: "UnsafePath",
    position: { file: join(directory, "bento.yaml") },
  });
}

/** The path of the requirements that are installed, and the directory to which their relative paths refer. */
async function requirementsLocation(
  image: ImageOptionsV1 | ImageOptionsV2,
  directory: Enclosure,
  files: Pick<EnclosedFiles, "find">,
) {
  const python = "env/python";
  if (image.spec === 1) {
    const lock = join(python, "requirements.lock.txt");
    const locked = (await files.find(directory, lock)) !== undefined;
    return { file: locked ? lock : join(python, "requirements.txt"), root: python };
  }
  // `uv --directory ./src`, or env/python for a Bento without sources (base_v2.j2 of BentoML).
  const root = (await files.find(directory, "src")) === undefined ? python : "src";
  return { file: join(python, "requirements.txt"), root };
}

/** In bytes: a thousand packages with twenty hashes each. The worst text of this size takes about 0.6 s of CPU time. */
const MAX_REQUIREMENTS = 2 << 20;

interface LocatedRequirements extends Requirements {
  readonly file: string;
  readonly root: string;
}

async function readRequirements(
  image: ImageOptionsV1 | ImageOptionsV2,
  directory: Enclosure,
  files: EnclosedFiles,
): Promise<LocatedRequirements> {
  const location = await requirementsLocation(image, directory, files);
  const text = await readStrictText(directory, location.file, files, MAX_REQUIREMENTS);
  return { ...location, ...parseRequirements(text ?? "") };
}

async function checkReferences(
  image: ImageOptionsV1 | ImageOptionsV2,
  { references, root, file }: LocatedRequirements,
  directory: Enclosure,
  files: EnclosedFiles,
): Promise<void> {
  const missing: readonly MissingReference[] = [
    ...(await findMissingFiles(image, directory, files)),
    ...(image.spec === 2 ? await findMissingScripts(image, directory, files) : []),
    ...(image.spec === 2 ? await findMissingIncludes(image, directory, files) : []),
    ...(await findMissingPackages(references, root, file, directory, files)),
  ];
  if (missing.length === 0) return;
  const messages = firstFew(missing.map(({ message }) => message));
  const hints = [...new Set(missing.map(({ hint }) => hint).filter((hint) => hint !== undefined))];
  throw new Failure("bento", `The Bento in ${directory.path} is incomplete: ${messages.join("; ")}`, {
    code: "ReferenceMissing",
    lines: messages,
    hint:
      hints.join(" ") ||
      "Build the Bento again. If the file is still missing, the build options refer to a file that they do not include.",
  });
}

/** Adds packages that the requirements need: spec 2 installs with only `build_include` copied, and BentoML ≤ 1.4.38 does not add `wheels` unless it locks. */
function coverPackages(image: ImageOptionsV2, { references }: Requirements): ImageOptionsV2 {
  return { ...image, buildInclude: [...image.buildInclude, ...uncoveredPackages(references, image.buildInclude)] };
}

async function readEntries(directory: Enclosure, files: EnclosedFiles): Promise<readonly BentoEntry[]> {
  const entries = await files.list(directory);
  return entries.flatMap(({ name, kind }) => (kind === "other" ? [] : [{ name, kind }]));
}
