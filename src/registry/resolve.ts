import { Failure } from "../errors.ts";
import { type ContentProvider, checkBytes, DOCUMENT_LIMIT, readAtMost } from "../oci/content.ts";
import { type Digest, digestOf, isDigest } from "../oci/digest.ts";
import { type Descriptor, parseManifest } from "../oci/manifest.ts";
import { ACCEPT, isIndexType, isManifestType } from "../oci/media-types.ts";
import { printReference, printRepository, type Reference, type Repository } from "../oci/reference.ts";
import { failureOfConnection } from "./failures.ts";
import type { Answer, Registries } from "./registries.ts";

/** What a reference stands for: a manifest or an index, with its exact bytes. */
export interface ResolvedImage extends Descriptor {
  readonly bytes: Uint8Array;
}

/**
 * Asks the registry what a reference stands for; without tag and digest that is `latest`. The digest is that of the bytes
 * received, compared with the one asked for and with the registry's own word.
 * @param options `patient` false: one try alone.
 * @throws Failure `network`, code `DigestMismatch`, `ManifestInvalid` and others; `input`, code `NotFound`; `auth`.
 */
export function resolve(
  registries: Registries,
  reference: Reference,
  { patient = true }: { readonly patient?: boolean } = {},
): Promise<ResolvedImage> {
  const ask = () => resolveOnce(registries, reference);
  return patient ? registries.retrying(ask) : ask();
}

async function resolveOnce(registries: Registries, reference: Reference): Promise<ResolvedImage> {
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
}

export interface DigestOptions {
  /** False: one try alone, for callers who have another way to the digest. */
  readonly patient?: boolean;
  /** By domain, the host that has a copy of its repositories under the same paths: `{ "docker.io": "127.0.0.1:5000" }`. */
  readonly mirrors?: Readonly<Record<string, string>>;
}

/**
 * The digest that a tag stands for, by HEAD, which Docker Hub does not count as a pull
 * (https://docs.docker.com/docker-hub/usage/pulls/); by GET where the answer to HEAD does not name it. A digest in the
 * reference is given back as it is. The domain's mirror is asked first, once; the domain itself when the mirror does not
 * answer well. Not for tags that were just pushed: a mirror may be behind.
 * @throws Failure `input`, code `NotFound`; `auth`, `network`, `rate-limit`, `cancelled`.
 */
export async function resolveDigest(
  registries: Registries,
  reference: Reference,
  { patient = true, mirrors = {} }: DigestOptions = {},
): Promise<Digest> {
  if (reference.digest !== undefined) return reference.digest;
  const mirror = mirrors[reference.domain];
  return (
    (mirror && (await digestAtMirror(registries, { ...reference, domain: mirror }))) ||
    digestAt(registries, reference, patient)
  );
}

/**
 * What a tag stands for, as far as one question tells: `undefined` when there is none, or the registry does not say.
 * @throws Failure `cancelled` alone.
 */
export async function currentDigest(registries: Registries, reference: Reference): Promise<Digest | undefined> {
  try {
    return await digestAt(registries, reference, false);
  } catch (error) {
    if (error instanceof Failure && error.class !== "cancelled") return undefined;
    throw error;
  }
}

async function digestAtMirror(registries: Registries, reference: Reference): Promise<Digest | undefined> {
  try {
    return await digestAt(registries, reference, false);
  } catch (error) {
    if (!(error instanceof Failure) || error.class === "cancelled") throw error;
    registries.machine.actions.info(`${printReference(reference)}, a mirror: ${error.message}`);
    return undefined;
  }
}

async function digestAt(registries: Registries, reference: Reference, patient: boolean): Promise<Digest> {
  const ask = () => askForDigest(registries, reference);
  const claimed = await (patient ? registries.retrying(ask) : ask());
  return claimed ?? (await resolve(registries, reference, { patient })).digest;
}

/** `undefined` when the registry does not say, or does not know HEAD. */
async function askForDigest(registries: Registries, { domain, path, tag }: Reference): Promise<Digest | undefined> {
  const name = tag ?? "latest";
  const { body, headers, status } = await registries.send(
    { repository: { domain, path }, write: false },
    {
      method: "HEAD",
      target: `manifests/${name}`,
      headers: { accept: ACCEPT },
      doing: `asking for the digest of ${name}`,
      accept: [200, 405],
    },
  );
  body.resume();
  const claimed = headers["docker-content-digest"] ?? "";
  return status === 200 && isDigest(claimed) ? claimed : undefined;
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
    blob: async ({ digest }) => passing(await openBlob(registries, repository, digest)),
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
    { method: "GET", target: `blobs/${digest}`, doing: `reading ${digest}`, accept: [200], isContent: true },
  );
}

function address({ domain, path, tag, digest }: Reference): { repository: Repository; name: string } {
  return { repository: { domain, path }, name: digest ?? tag ?? "latest" };
}

async function* passing({ body, url }: Answer): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw failureOfConnection(error, url);
  }
}

async function readBody({ body, url }: Answer, where: string): Promise<Buffer> {
  try {
    return await readAtMost(body, DOCUMENT_LIMIT, where);
  } catch (error) {
    throw error instanceof Failure ? error : failureOfConnection(error, url);
  }
}
