import { join, normalize } from "node:path/posix";
import type { EnclosedFiles, Enclosure } from "../world/enclosure.ts";
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
  const missing: MissingReference[] = [];
  for (const { kind, text, path } of references) {
    if (/^(?:file:|\/)/i.test(path)) {
      missing.push({
        message: `a requirement is "${text}", a file of the machine that built the Bento`,
        hint: "Name the wheel by a path below the project (`./wheels/…`) or publish it to an index, and build the Bento again.",
      });
      continue;
    }
    const base = kind === "file" ? root : join(file, "..");
    const outside = normalize(path).startsWith("../");
    const found = outside ? undefined : await files.find(directory, join(base, path));
    if (found === undefined) missing.push({ message: `a requirement is "${text}", which is not in the Bento` });
  }
  return missing;
}

/** One after the other: of a hundred thousand that were begun at once, each would end before the run could. */
async function absent(names: readonly string[], find: (name: string) => Promise<unknown>): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const name of names) if ((await find(name)) === undefined) missing.push(name);
  return missing;
}
