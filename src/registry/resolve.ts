import { Failure } from "../errors.ts";
import { type Digest, digestOf } from "../image/digest.ts";
import { printReference, printRepository, type Reference, type Repository } from "../image/reference.ts";
import { type ContentProvider, checkBytes, DOCUMENT_LIMIT, readAtMost } from "./content.ts";
import { failureOfConnection } from "./failures.ts";
import { type Descriptor, parseManifest } from "./manifest.ts";
import { ACCEPT, isIndexType, isManifestType } from "./media-types.ts";
import type { Answer, Registries } from "./registries.ts";

/** What a reference stands for: a manifest or an index, with its exact bytes. */
export interface ResolvedImage extends Descriptor {
  readonly bytes: Uint8Array;
}

/**
 * Asks the registry what a reference stands for; without tag and digest that is `latest`. The digest is that of the bytes
 * received, compared with the one asked for and with the registry's own word.
 * @throws Failure `network`, code `DigestMismatch`, `ManifestInvalid` and others; `input`, code `NotFound`; `auth`.
 */
export function resolve(registries: Registries, reference: Reference): Promise<ResolvedImage> {
  return registries.retrying(async () => {
    const { repository, name } = address(reference);
    const where = printReference(reference);
    const answer = await registries.send(
      { repository, write: false },
      {
        method: "GET",
        target: `manifests/${name}`,
        headers: { accept: ACCEPT },
        doing: `reading ${name}`,
        accept: [200],
      },
    );
    const bytes = await readBody(answer, where);
    const digest = digestOf(bytes);
    if (reference.digest !== undefined) checkBytes(bytes, { digest: reference.digest }, printRepository(reference));
    checkClaim(answer, digest, where);
    const type = answer.headers["content-type"]?.split(";")[0]?.trim();
    const { mediaType } = parseManifest(bytes, type, where);
    return { mediaType, digest, size: bytes.length, bytes, annotations: {} };
  });
}

/**
 * A repository as a place of content. Blobs are read through the registry's redirects, without its login.
 * @param known a manifest that was read already and need not be asked for again.
 */
export function repositoryContent(
  registries: Registries,
  repository: Repository,
  known?: ResolvedImage,
): ContentProvider {
  const place = printRepository(repository);
  return {
    place,
    repository,
    async document(descriptor) {
      const { digest, mediaType } = descriptor;
      if (digest === known?.digest) return known.bytes;
      if (isIndexType(mediaType) || isManifestType(mediaType)) {
        return (await resolve(registries, { ...repository, digest })).bytes;
      }
      return registries.retrying(async () =>
        checkBytes(await readBody(await openBlob(registries, repository, digest), place), descriptor, place),
      );
    },
    blob: async ({ digest }) => (await openBlob(registries, repository, digest)).body,
  };
}

/** @throws Failure `network`, code `DigestMismatch`, when the registry's `Docker-Content-Digest` is another one. */
export function checkClaim({ headers }: Pick<Answer, "headers">, digest: Digest, where: string): void {
  const claimed = headers["docker-content-digest"];
  if (claimed === undefined || claimed === digest || !claimed.startsWith("sha256:")) return;
  throw new Failure("network", `The registry calls ${where} by another digest than its content has.`, {
    code: "DigestMismatch",
    lines: [`the registry says ${claimed}`, `the content's digest is ${digest}`],
  });
}

function openBlob(registries: Registries, repository: Repository, digest: Digest): Promise<Answer> {
  return registries.send(
    { repository, write: false },
    { method: "GET", target: `blobs/${digest}`, doing: `reading ${digest}`, accept: [200] },
  );
}

function address({ domain, path, tag, digest }: Reference): { repository: Repository; name: string } {
  return { repository: { domain, path }, name: digest ?? tag ?? "latest" };
}

async function readBody({ body, url }: Answer, where: string): Promise<Buffer> {
  try {
    return await readAtMost(body, DOCUMENT_LIMIT, where);
  } catch (error) {
    throw error instanceof Failure ? error : failureOfConnection(error, url);
  }
}
