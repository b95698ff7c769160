import { Failure } from "../errors.ts";
import type { Descriptor } from "../oci/manifest.ts";
import {
  distinctRepositories,
  printReference,
  printRepository,
  type Reference,
  type Repository,
  sameRepository,
  withDigest,
} from "../oci/reference.ts";
import type { Registries } from "../registry/registries.ts";
import { repositoryContent } from "../registry/resolve.ts";
import { sendManifest } from "../registry/send-manifest.ts";
import { transfer } from "../registry/transfer.ts";
import type { Member } from "./member.ts";

export interface MergedIndex {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/**
 * Copies all members to every repository of the tags. Only after all copies succeed, pushes the index under the tags.
 * @throws Failure of the first step that fails, with one line for each tag that gives its state.
 */
export async function deliver(
  registries: Registries,
  members: readonly Member[],
  { descriptor, bytes }: MergedIndex,
  tags: readonly Reference[],
): Promise<void> {
  const completed: Repository[] = [];
  const written: Reference[] = [];
  try {
    for (const repository of distinctRepositories(tags)) {
      for (const member of members) await copyMember(registries, member, repository, completed);
      completed.push(repository);
    }
    for (const tag of tags) {
      await sendManifest(registries, tag, { descriptor, bytes, blobs: [] });
      written.push(tag);
    }
  } catch (error) {
    throw withTagStates(error, tags, completed, written);
  }
}

/**
 * Copies a member and its attestations. The source is a repository of the same registry if one has them, because its blobs
 * can be mounted; else it is the repository that the matrix job pushed to.
 */
async function copyMember(
  registries: Registries,
  { descriptor, attestations, repository: origin, content }: Member,
  repository: Repository,
  completed: readonly Repository[],
): Promise<void> {
  if (sameRepository(origin, repository)) return;
  const sameRegistry = completed.find(({ domain }) => domain === repository.domain);
  const isNear = origin.domain === repository.domain || sameRegistry === undefined;
  const source = isNear ? content : repositoryContent(registries, sameRegistry);
  for (const document of [descriptor, ...attestations]) {
    await transfer(registries, source, document, [withDigest(repository, document.digest)]);
  }
}

function withTagStates(
  error: unknown,
  tags: readonly Reference[],
  completed: readonly Repository[],
  written: readonly Reference[],
): unknown {
  if (!(error instanceof Failure)) return error;
  const { message, code, lines, hint, position } = error;
  const states = tags.map((tag) => `${printReference(tag)}: ${stateOf(tag, completed, written)}`);
  return new Failure(error.class, `${message} ${printWritten(written, tags)}`, {
    code,
    lines: [...lines, ...states],
    ...(hint === undefined ? {} : { hint }),
    ...(position === undefined ? {} : { position }),
    cause: error,
  });
}

function printWritten(written: readonly Reference[], tags: readonly Reference[]): string {
  return written.length === 0
    ? "No tag was changed."
    : `${written.length} of ${tags.length} tags point to the new image: ${written.map(printReference).join(", ")}.`;
}

function stateOf(tag: Reference, completed: readonly Repository[], written: readonly Reference[]): string {
  if (written.includes(tag)) return "points to the new image";
  return completed.some((repository) => sameRepository(repository, tag))
    ? `not changed; all platforms are in ${printRepository(tag)}`
    : `not changed; platforms may be missing in ${printRepository(tag)}`;
}
