import { join, normalize } from "node:path/posix";
import { mapFiles } from "../machine/concurrency.ts";
import type { EnclosedFiles, Enclosure } from "../machine/enclosure.ts";
import type { ImageOptionsV1, ImageOptionsV2 } from "./bento.ts";
import { findFile } from "./read-text.ts";
import type { RequirementReference } from "./requirements.ts";

type FindFiles = Pick<EnclosedFiles, "find">;

/** A file that the Bento speaks of and does not hold. */
export interface MissingReference {
  readonly message: string;
  readonly hint?: string;
}

const LOST_SCRIPTS =
  "`bentoml build` up to 1.4.38 loses the files of `Image.run_script`: put the commands into `Image.run`, " +
  "or name the script as `docker.setup_script` in bentofile.yaml, and build the Bento again.";

/** The files, relative to the Bento, that the recipe for these options reads by name. */
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

/** Names which of the needed files are not there. @throws {Failure} bento/UnsafePath when one is a directory. */
export async function findMissingFiles(
  image: ImageOptionsV1 | ImageOptionsV2,
  directory: Enclosure,
  files: FindFiles,
): Promise<readonly MissingReference[]> {
  const missing = await absent(neededFiles(image), (path) => findFile(directory, path, files));
  return missing.map((path) => ({ message: `${path} is not in the Bento` }));
}

/**
 * Names the `script__<hash>` files that commands call and `env/docker` does not hold.
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
    message: `a command runs env/docker/${name}, which is not there`,
    hint: LOST_SCRIPTS,
  }));
}

/** Names the paths of `build_include` that are not below `src/`. */
export async function findMissingIncludes(
  image: ImageOptionsV2,
  directory: Enclosure,
  files: FindFiles,
): Promise<readonly MissingReference[]> {
  const missing = await absent(image.buildInclude, (path) => files.find(directory, join("src", path)));
  return missing.map((path) => ({ message: `\`image.build_include\` names ${path}, which is not in src/` }));
}

/**
 * Names the files that requirements speak of and that will not be there when they are installed. Paths of packages count
 * from the directory in which the installer runs, nested requirements from the file that names them.
 * @param root `src` in spec 2, `env/python` in spec 1, as is `file`, the requirements, a path in the Bento.
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
        message: `a requirement is "${text}", a file of the machine that built the Bento`,
        hint: "Name the wheel by a path below the project (`./wheels/…`) or publish it to an index, and build the Bento again.",
      };
    }
    const base = kind === "file" ? root : join(file, "..");
    const outside = normalize(path).startsWith("../");
    const found = outside ? undefined : await files.find(directory, join(base, path));
    return found === undefined ? { message: `a requirement is "${text}", which is not in the Bento` } : undefined;
  });
  return missing.filter((reference) => reference !== undefined);
}

/**
 * The files and directories that requirements speak of and that `build_include` does not bring along, itself or with a
 * directory above it; of several, one in the other, the outer one.
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

/** The paths without those that lie below another. */
function outermost(paths: readonly string[]): ReadonlySet<string> {
  const outer = new Set<string>();
  let last: string | undefined;
  // In this order what lies below a directory follows it.
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
