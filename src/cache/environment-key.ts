import { join } from "node:path/posix";
import { fileDigest } from "../layers/file-digest.ts";
import type { EnclosedEntry, EnclosedFiles, Enclosure } from "../machine/enclosure.ts";
import type { Compression } from "../oci/compression.ts";
import { type Digest, digestOf } from "../oci/digest.ts";
import { type Platform, printPlatform } from "../oci/platform.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Step } from "../recipe/step.ts";

/** Increase it when the same steps are rendered as other commands than before. */
const FORMAT = 1;

export interface EnvironmentRequest {
  readonly recipe: Pick<Recipe, "environment" | "context" | "secrets">;
  /** The digest that the name of the base image resolves to now. */
  readonly base: Digest;
  readonly platform: Platform;
  /** Only those that are not written into the Dockerfile already. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /**
   * Names only. A value may change from run to run, and a key must not reveal it, because the key is part of a public
   * tag. Values that the Bento itself declares are not secret; they are in `recipe.secrets`.
   */
  readonly secretIds: readonly string[];
  readonly sshIds: readonly string[];
  /** Host entries of the build steps, `name:address`. */
  readonly addHosts: readonly string[];
  readonly network?: string;
  readonly epoch: number;
  readonly compression: Compression;
}

type KeyFiles = Pick<EnclosedFiles, "entry" | "find" | "list" | "pieces" | "readLink">;

/**
 * The key of an environment: a digest over everything that decides the result of its steps. The backend that runs them is
 * not part of it. Environments with the same key are interchangeable.
 */
export async function environmentKey(request: EnvironmentRequest, files: KeyFiles): Promise<Digest> {
  const { recipe, base, platform, buildArgs, secretIds, sshIds, addHosts, network, epoch, compression } = request;
  const steps = recipe.environment.flatMap((section) => section.steps);
  const mounted = [...new Set(steps.flatMap(mountedSources))].sort();
  const copied = [...new Set(steps.flatMap(copiedSources))].sort();
  const read: string[] = [];
  for (const source of mounted) read.push(...(await listSource(recipe.context, source, files, executableOf)));
  for (const source of copied) read.push(...(await listSource(recipe.context, source, files, modeOf)));
  return digestOf(
    JSON.stringify({
      format: FORMAT,
      base,
      platform: printPlatform(platform),
      steps,
      files: read,
      buildArgs: Object.entries(buildArgs).sort(([one], [other]) => (one < other ? -1 : 1)),
      secretIds: [...secretIds].sort(),
      declared: recipe.secrets.map(({ name, declared }) => [name, declared]).sort(),
      sshIds: [...sshIds].sort(),
      addHosts: [...addHosts].sort(),
      network,
      epoch,
      compression: { format: compression.format, level: compression.level },
    }),
  );
}

function mountedSources(step: Step): readonly string[] {
  return step.kind === "run" ? step.mounts.flatMap((mount) => (mount.kind === "bind" ? [mount.source] : [])) : [];
}

function copiedSources(step: Step): readonly string[] {
  return step.kind === "copy" ? step.sources : [];
}

/** The part of a file's mode that goes into the key. */
type ModePrint = (mode: number) => string;

/** For mounted files: the step runs as root and the file does not stay in the image. */
const executableOf: ModePrint = (mode) => ((mode & 0o100) === 0 ? "-" : "x");

/** For copied files, which keep their mode. */
const modeOf: ModePrint = (mode) => (mode & 0o7777).toString(8);

/** Follows a source that is itself a link, as `COPY` and mounts do. */
async function listSource(
  context: Enclosure,
  source: string,
  files: KeyFiles,
  print: ModePrint,
): Promise<readonly string[]> {
  return listContent(await files.find(context, source), source, files, print);
}

/**
 * One line for each entry below a path: the path and, for a file, the mode's relevant part and the content's digest; for
 * a link, its target. Files are read one after the other, in pieces, because packed wheels may be large.
 */
async function listContent(
  found: EnclosedEntry | undefined,
  name: string,
  files: KeyFiles,
  print: ModePrint,
): Promise<readonly string[]> {
  switch (found?.kind) {
    case "directory": {
      const lines = [`${name}/`];
      for (const entry of await files.list(found.directory)) {
        const path = join(name, entry.name);
        if (entry.kind === "symlink") lines.push(`${path} -> ${await files.readLink(found.directory, entry.name)}`);
        else lines.push(...(await listContent(await files.entry(found.directory, entry.name), path, files, print)));
      }
      return lines;
    }
    case "file":
      return [`${name} ${print(found.info.mode)} ${await fileDigest(found.file, files)}`];
    default:
      return [];
  }
}
