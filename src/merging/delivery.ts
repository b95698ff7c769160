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
 * Brings all members to every repository of the tags, and only when they are everywhere, puts the index under the tags.
 * @throws Failure of the first step that fails, with a line for each destination that says what it has.
 */
export async function deliver(
  registries: Registries,
  members: readonly Member[],
  { descriptor, bytes }: MergedIndex,
  tags: readonly Reference[],
): Promise<void> {
  const complete: Repository[] = [];
  const written: Reference[] = [];
  try {
    for (const repository of distinctRepositories(tags)) {
      for (const member of members) await bring(registries, member, repository, complete);
      complete.push(repository);
    }
    for (const tag of tags) {
      await sendManifest(registries, tag, { descriptor, bytes, blobs: [] });
      written.push(tag);
    }
  } catch (error) {
    throw withAccount(error, tags, complete, written);
  }
}

/**
 * Copies a member and its attestations. Blobs are taken from a repository of the same registry where one has them, which
 * mounts them, else from where the leg was pushed.
 */
async function bring(
  registries: Registries,
  { descriptor, attestations, repository: origin, content }: Member,
  repository: Repository,
  complete: readonly Repository[],
): Promise<void> {
  if (sameRepository(origin, repository)) return;
  const beside = complete.find(({ domain }) => domain === repository.domain);
  const isNear = origin.domain === repository.domain || beside === undefined;
  const source = isNear ? content : repositoryContent(registries, beside);
  for (const document of [descriptor, ...attestations]) {
    await transfer(registries, source, document, [withDigest(repository, document.digest)]);
  }
}

function withAccount(
  error: unknown,
  tags: readonly Reference[],
  complete: readonly Repository[],
  written: readonly Reference[],
): unknown {
  if (!(error instanceof Failure)) return error;
  const { message, code, lines, hint, position } = error;
  const account = tags.map((tag) => `${printReference(tag)}: ${stateOf(tag, complete, written)}`);
  return new Failure(error.class, `${message} ${told(written, tags)}`, {
    code,
    lines: [...lines, ...account],
    ...(hint === undefined ? {} : { hint }),
    ...(position === undefined ? {} : { position }),
    cause: error,
  });
}

function told(written: readonly Reference[], tags: readonly Reference[]): string {
  return written.length === 0
    ? "No tag was touched."
    : `${written.length} of ${tags.length} tags point to the new image: ${written.map(printReference).join(", ")}.`;
}

function stateOf(tag: Reference, complete: readonly Repository[], written: readonly Reference[]): string {
  if (written.includes(tag)) return "points to the new image";
  return complete.some((repository) => sameRepository(repository, tag))
    ? `not touched; all platforms are in ${printRepository(tag)}`
    : `not touched; platforms may be missing in ${printRepository(tag)}`;
}
