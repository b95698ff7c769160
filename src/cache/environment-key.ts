import { join } from "node:path/posix";
import { fileDigest } from "../layers/file-digest.ts";
import type { EnclosedEntry, EnclosedFiles, Enclosure } from "../machine/enclosure.ts";
import type { Compression } from "../oci/compression.ts";
import { type Digest, digestOf } from "../oci/digest.ts";
import { type Platform, printPlatform } from "../oci/platform.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Step } from "../recipe/step.ts";

/** Counts up when the same steps come out as other commands than before. */
const FORMAT = 1;

export interface EnvironmentRequest {
  readonly recipe: Pick<Recipe, "environment" | "context" | "secrets">;
  /** What the name of the base image stands for now. */
  readonly base: Digest;
  readonly platform: Platform;
  /** Those the Dockerfile does not hold already. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /**
   * Names only: a value may change from run to run, and must not be told by a key, which is the name of a public tag. What
   * the Bento itself declares is in `recipe.secrets`, and no secret.
   */
  readonly secretIds: readonly string[];
  readonly sshIds: readonly string[];
  /** What names lead to while the steps run, and by which network. */
  readonly addHosts: readonly string[];
  readonly network?: string;
  readonly epoch: number;
  readonly compression: Compression;
}

type KeyFiles = Pick<EnclosedFiles, "entry" | "find" | "list" | "pieces" | "readLink">;

/**
 * The key of an environment: everything that decides what its steps leave behind, and nothing of the backend that runs
 * them. Same key, same environment.
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

/** What counts of a mode. */
type ModePrint = (mode: number) => string;

/** For a step that runs as root and leaves nothing of the file behind. */
const executableOf: ModePrint = (mode) => ((mode & 0o100) === 0 ? "-" : "x");

/** A file that is copied keeps its mode. */
const modeOf: ModePrint = (mode) => (mode & 0o7777).toString(8);

/** A link that is itself a source is followed, as `COPY` and mounts do. */
async function listSource(
  context: Enclosure,
  source: string,
  files: KeyFiles,
  print: ModePrint,
): Promise<readonly string[]> {
  return listContent(await files.find(context, source), source, files, print);
}

/**
 * A line for everything below a path: path, what counts of the mode, digest of the content or target of the link. One file
 * after the other, in pieces: packed wheels may be large.
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
