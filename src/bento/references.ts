import { join, normalize } from "node:path/posix";
import { mapFiles } from "../machine/concurrency.ts";
import type { EnclosedFiles, Enclosure } from "../machine/enclosure.ts";
import type { ImageOptionsV1, ImageOptionsV2 } from "./bento.ts";
import { findFile } from "./read-text.ts";
import type { RequirementReference } from "./requirements.ts";

type FindFiles = Pick<EnclosedFiles, "find">;

/** A file that the Bento refers to but does not contain. */
export interface MissingReference {
  readonly message: string;
  readonly hint?: string;
}

const LOST_SCRIPTS =
  "`bentoml build` up to 1.4.38 does not store the files of `Image.run_script`. Use `Image.run` for the commands, " +
  "or set the script as `docker.setup_script` in bentofile.yaml, and build the Bento again.";

/** The files that the recipe for these options needs, relative to the Bento. */
function neededFiles(image: ImageOptionsV1 | ImageOptionsV2): readonly string[] {
  const common = ["env/docker/entrypoint.sh"];
  if (image.spec === 2) return [...common, "env/python/requirements.txt"];
  return [
    ...common,
    ...(image.installScript ? [] : ["env/python/requirements.txt"]),
    ...(image.setupScript ? ["env/docker/setup_script"] : []),
    ...(image.dockerfileTemplate ? ["env/docker/Dockerfile"] : []),
    ...(image.conda ? ["env/conda/environment.yml"] : []),
  ];
}

/** Finds required files that are missing. @throws {Failure} bento/UnsafePath when one is a directory. */
export async function findMissingFiles(
  image: ImageOptionsV1 | ImageOptionsV2,
  directory: Enclosure,
  files: FindFiles,
): Promise<readonly MissingReference[]> {
  const missing = await absent(neededFiles(image), (path) => findFile(directory, path, files));
  return missing.map((path) => ({ message: `${path} is not in the Bento` }));
}

/**
 * Finds `script__<hash>` files that commands call and that are missing in `env/docker`.
 * @throws {Failure} bento/UnsafePath when one is a directory.
 */
export async function findMissingScripts(
  image: ImageOptionsV2,
  directory: Enclosure,
  files: FindFiles,
): Promise<readonly MissingReference[]> {
  const commands = [...image.commands, ...image.postCommands].join("\n");
  const names = [...new Set(commands.match(/\bscript__\w+/g) ?? [])];
  const missing = await absent(names, (name) => findFile(directory, join("env/docker", name), files));
  return missing.map((name) => ({
    message: `a command runs env/docker/${name}, which does not exist`,
    hint: LOST_SCRIPTS,
  }));
}

/** Finds paths of `build_include` that do not exist below `src/`. */
export async function findMissingIncludes(
  image: ImageOptionsV2,
  directory: Enclosure,
  files: FindFiles,
): Promise<readonly MissingReference[]> {
  const missing = await absent(image.buildInclude, (path) => files.find(directory, join("src", path)));
  return missing.map((path) => ({ message: `\`image.build_include\` lists ${path}, which is not in src/` }));
}

/**
 * Finds files that the requirements refer to and that will be missing when they are installed. Paths of packages are
 * relative to the directory in which the installer runs, nested requirements to the file that refers to them.
 * @param root path in the Bento: `src` in spec 2, `env/python` in spec 1.
 * @param file path of the requirements in the Bento.
 */
export async function findMissingPackages(
  references: readonly RequirementReference[],
  root: string,
  file: string,
  directory: Enclosure,
  files: FindFiles,
): Promise<readonly MissingReference[]> {
  const missing = await mapFiles(references, async ({ kind, text, path }) => {
    if (/^(?:file:|\/)/i.test(path)) {
      return {
        message: `the requirement "${text}" is a file on the machine that built the Bento`,
        hint: "Use a path below the project (`./wheels/…`) or publish the wheel to an index, and build the Bento again.",
      };
    }
    const base = kind === "file" ? root : join(file, "..");
    const outside = normalize(path).startsWith("../");
    const found = outside ? undefined : await files.find(directory, join(base, path));
    return found === undefined ? { message: `the file of the requirement "${text}" is not in the Bento` } : undefined;
  });
  return missing.filter((reference) => reference !== undefined);
}

/**
 * The files and directories that the requirements refer to and that `build_include` does not cover, directly or by a
 * parent directory. Paths below another one of them are left out.
 */
export function uncoveredPackages(
  references: readonly RequirementReference[],
  buildInclude: readonly string[],
): readonly string[] {
  const included = new Set(buildInclude);
  if (included.has(".")) return [];
  const paths = new Set(
    references.filter(({ kind }) => kind === "file").map(({ path }) => normalize(path).replace(/(?<=[^/])\/$/, "")),
  );
  const outer = outermost([...included, ...paths]);
  return [...paths].filter((path) => outer.has(path) && !included.has(path));
}

/** The paths without those below another one. */
function outermost(paths: readonly string[]): ReadonlySet<string> {
  const outer = new Set<string>();
  let last: string | undefined;
  // In this order the paths below a directory follow it.
  for (const path of paths.map((one) => `${one}/`).sort()) {
    if (last !== undefined && path.startsWith(last)) continue;
    last = path;
    outer.add(path.slice(0, -1));
  }
  return outer;
}

async function absent(names: readonly string[], find: (name: string) => Promise<unknown>): Promise<readonly string[]> {
  const found = await mapFiles(names, find);
  return names.filter((_, index) => found[index] === undefined);
}
