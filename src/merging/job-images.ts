import { join, resolve } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { Machine } from "../machine/machine.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { parseReference, printReference, type Reference, type Repository, withDigest } from "../oci/reference.ts";
import { type DigestFile, parseDigestFile } from "../report/digest-file.ts";
import type { MergeInputs } from "./inputs.ts";

/** A leg as somebody named it. */
export interface JobImage {
  readonly reference: Reference;
  /** For messages: the reference, or the file that holds its digest. */
  readonly place: string;
  /** What the build said of it. */
  readonly told?: DigestFile;
}

type MergeMachine = Pick<Machine, "files" | "workspace">;

/**
 * Every leg that the inputs name; first digests, then files, then sources.
 * @param home the repository of digests that name none.
 * @throws Failure `input`, code `NoDigests`, when the directory of digest files holds none.
 */
export async function nameJobImages(
  { digests, digestsFrom, sources }: MergeInputs,
  home: Repository,
  machine: MergeMachine,
): Promise<readonly JobImage[]> {
  const listed = digests.map((item) => (typeof item === "string" ? withDigest(home, item) : item));
  const files = digestsFrom === undefined ? [] : await readDirectory(digestsFrom, home, machine);
  return [...listed.map(named), ...files, ...sources.map(named)];
}

function named(reference: Reference): JobImage {
  return { reference, place: printReference(reference) };
}

async function readDirectory(given: string, home: Repository, machine: MergeMachine): Promise<readonly JobImage[]> {
  const directory = resolve(machine.workspace, given);
  const images = await legsBelow(directory, "", home, machine);
  if (images.length > 0) return images;
  throw new Failure("input", `digests-from: there are no digest files in ${directory}`, {
    code: "NoDigests",
    hint: "Download the legs' artifacts into it before this step; their jobs write the files with the input digest-file.",
  });
}

/**
 * Files lie in the directory itself, or in one for each artifact, as actions/download-artifact does without
 * `merge-multiple`. An empty file whose name is the digest's hexadecimal digits counts too: the way of docker's own
 * documentation (https://docs.docker.com/build/ci/github-actions/multi-platform/).
 */
async function legsBelow(
  directory: string,
  below: string,
  home: Repository,
  machine: MergeMachine,
): Promise<readonly JobImage[]> {
  const { files } = machine;
  const path = join(directory, below);
  if ((await files.info(path))?.kind !== "directory") return [];
  const images: JobImage[] = [];
  for (const { name, kind } of await files.list(path)) {
    const place = join(below, name);
    const digest = `sha256:${name}`;
    if (kind === "directory" && below === "") images.push(...(await legsBelow(directory, name, home, machine)));
    if (kind === "file" && name.endsWith(".json")) images.push(await readFile(path, name, place, machine));
    if (kind === "file" && isDigest(digest)) images.push(legOf(home, digest, place));
  }
  return images;
}

function legOf(home: Repository, digest: Digest, place: string): JobImage {
  return { reference: withDigest(home, digest), place };
}

async function readFile(path: string, name: string, place: string, { files }: MergeMachine): Promise<JobImage> {
  const told = parseDigestFile(await files.readText(join(path, name)));
  const [repository] = told?.repositories ?? [];
  if (told === undefined || repository === undefined) {
    throw new Failure("input", `digests-from: ${place} is no digest file`, {
      code: "DigestFileInvalid",
      hint: "The directory must hold nothing but what the input digest-file wrote.",
    });
  }
  return { reference: withDigest(parseReference(repository), told.digest), place, told };
}
