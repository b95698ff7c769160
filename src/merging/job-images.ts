import { join, resolve } from "node:path/posix";
import { Failure } from "../errors.ts";
import type { Machine } from "../machine/machine.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { parseReference, printReference, type Reference, type Repository, withDigest } from "../oci/reference.ts";
import { type DigestFile, parseDigestFile } from "../report/digest-file.ts";
import type { MergeInputs } from "./inputs.ts";

/** An image that a matrix job pushed, as the inputs name it. */
export interface JobImage {
  readonly reference: Reference;
  /** For messages: the reference, or the file that contains its digest. */
  readonly source: string;
  /** What the job wrote about it. */
  readonly digestFile?: DigestFile;
}

type MergeMachine = Pick<Machine, "files" | "workspace">;

/**
 * Every image that the inputs name: first digests, then files, then sources.
 * @param defaultRepository the repository of digests that are given without one.
 * @throws Failure `input`, code `NoDigests`, when the directory has no digest files.
 */
export async function nameJobImages(
  { digests, digestsFrom, sources }: MergeInputs,
  defaultRepository: Repository,
  machine: MergeMachine,
): Promise<readonly JobImage[]> {
  const listed = digests.map((item) => (typeof item === "string" ? withDigest(defaultRepository, item) : item));
  const files = digestsFrom === undefined ? [] : await readDirectory(digestsFrom, defaultRepository, machine);
  return [...listed.map(imageOfReference), ...files, ...sources.map(imageOfReference)];
}

function imageOfReference(reference: Reference): JobImage {
  return { reference, source: printReference(reference) };
}

async function readDirectory(
  input: string,
  defaultRepository: Repository,
  machine: MergeMachine,
): Promise<readonly JobImage[]> {
  const directory = resolve(machine.workspace, input);
  const images = await imagesBelow(directory, "", defaultRepository, machine);
  if (images.length > 0) return images;
  throw new Failure("input", `digests-from: there are no digest files in ${directory}`, {
    code: "NoDigests",
    hint: "Download the artifacts of the matrix jobs into this directory before this step; the jobs write the files with the input digest-file.",
  });
}

/**
 * Digest files are in the directory itself or in one directory for each artifact, which actions/download-artifact creates
 * without `merge-multiple`. An empty file whose name is the digest's hexadecimal digits counts too, as in docker's
 * documentation (https://docs.docker.com/build/ci/github-actions/multi-platform/).
 */
async function imagesBelow(
  directory: string,
  below: string,
  defaultRepository: Repository,
  machine: MergeMachine,
): Promise<readonly JobImage[]> {
  const { files } = machine;
  const path = join(directory, below);
  if ((await files.info(path))?.kind !== "directory") return [];
  const images: JobImage[] = [];
  for (const { name, kind } of await files.list(path)) {
    const source = join(below, name);
    const digest = `sha256:${name}`;
    if (kind === "directory" && below === "")
      images.push(...(await imagesBelow(directory, name, defaultRepository, machine)));
    if (kind === "file" && name.endsWith(".json")) images.push(await readFile(path, name, source, machine));
    if (kind === "file" && isDigest(digest)) images.push(imageOf(defaultRepository, digest, source));
  }
  return images;
}

function imageOf(defaultRepository: Repository, digest: Digest, source: string): JobImage {
  return { reference: withDigest(defaultRepository, digest), source };
}

async function readFile(path: string, name: string, source: string, { files }: MergeMachine): Promise<JobImage> {
  const digestFile = parseDigestFile(await files.readText(join(path, name)));
  const [repository] = digestFile?.repositories ?? [];
  if (digestFile === undefined || repository === undefined) {
    throw new Failure("input", `digests-from: ${source} is not a digest file`, {
      code: "DigestFileInvalid",
      hint: "The directory may contain only files that the input digest-file wrote.",
    });
  }
  return { reference: withDigest(parseReference(repository), digestFile.digest), source, digestFile };
}
