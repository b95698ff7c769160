import { Failure } from "../errors.ts";
import { type ContentProvider, checkBytes, DOCUMENT_LIMIT, readAtMost } from "../oci/content.ts";
import { type Digest, digestOf, isDigest } from "../oci/digest.ts";
import { type Descriptor, parseManifest } from "../oci/manifest.ts";
import { ACCEPT, isIndexType, isManifestType } from "../oci/media-types.ts";
import { printReference, printRepository, type Reference, type Repository } from "../oci/reference.ts";
import { failureOfConnection } from "./failures.ts";
import type { Answer, Registries } from "./registries.ts";

/** The manifest or index that a reference points to, with its exact bytes. */
export interface ResolvedImage extends Descriptor {
  readonly bytes: Uint8Array;
}

/**
 * Reads the manifest that a reference points to; without tag and digest that is `latest`. The digest of the received bytes is
 * compared with the requested one and with the registry's header.
 * @param options `retry` false: a single try.
 * @throws Failure `network`, code `DigestMismatch`, `ManifestInvalid` and others; `input`, code `NotFound`; `auth`.
 */
export function resolve(
  registries: Registries,
  reference: Reference,
  { retry = true }: { readonly retry?: boolean } = {},
): Promise<ResolvedImage> {
  const read = () => resolveOnce(registries, reference);
  return retry ? registries.retrying(read) : read();
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
  checkDigestHeader(answer, digest, where);
  const type = answer.headers["content-type"]?.split(";")[0]?.trim();
  const { mediaType } = parseManifest(bytes, type, where);
  return { mediaType, digest, size: bytes.length, bytes, annotations: {} };
}

export interface DigestOptions {
  /** False: a single try, for callers that can find the digest in another way. */
  readonly retry?: boolean;
  /** Domain → host that mirrors its repositories under the same paths: `{ "docker.io": "127.0.0.1:5000" }`. */
  readonly mirrors?: Readonly<Record<string, string>>;
}

/**
 * The digest that a tag points to. It is requested by HEAD, which Docker Hub does not count as a pull
 * (https://docs.docker.com/docker-hub/usage/pulls/), and by GET if the answer to HEAD does not name it. A digest in the
 * reference is returned unchanged. The domain's mirror is tried first, once, and then the domain itself. Do not use this for
 * tags that were just pushed, because a mirror may be outdated.
 * @throws Failure `input`, code `NotFound`; `auth`, `network`, `rate-limit`, `cancelled`.
 */
export async function resolveDigest(
  registries: Registries,
  reference: Reference,
  { retry = true, mirrors = {} }: DigestOptions = {},
): Promise<Digest> {
  if (reference.digest !== undefined) return reference.digest;
  const mirror = mirrors[reference.domain];
  return (
    (mirror && (await digestAtMirror(registries, { ...reference, domain: mirror }))) ||
    digestAt(registries, reference, retry)
  );
}

/**
 * The digest that a tag points to, by a single try: `undefined` if there is no such tag, or the registry does not answer.
 * @throws Failure `cancelled` only.
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

async function digestAt(registries: Registries, reference: Reference, retry: boolean): Promise<Digest> {
  const read = () => requestDigest(registries, reference);
  const claimed = await (retry ? registries.retrying(read) : read());
  return claimed ?? (await resolve(registries, reference, { retry })).digest;
}

/** `undefined` if the registry does not name the digest, or does not support HEAD. */
async function requestDigest(registries: Registries, { domain, path, tag }: Reference): Promise<Digest | undefined> {
  const name = tag ?? "latest";
  const { body, headers, status } = await registries.send(
    { repository: { domain, path }, write: false },
    {
      method: "HEAD",
      target: `manifests/${name}`,
      headers: { accept: ACCEPT },
      doing: `requesting the digest of ${name}`,
      accept: [200, 405],
    },
  );
  body.resume();
  const claimed = headers["docker-content-digest"] ?? "";
  return status === 200 && isDigest(claimed) ? claimed : undefined;
}

/**
 * A repository as a content provider. Blobs are read through the registry's redirects, without its login.
 * @param root a manifest that was read already and is not requested again.
 */
export function repositoryContent(
  registries: Registries,
  repository: Repository,
  root?: ResolvedImage,
): ContentProvider {
  const place = printRepository(repository);
  return {
    place,
    repository,
    async document(descriptor) {
      const { digest, mediaType } = descriptor;
      if (digest === root?.digest) return root.bytes;
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

/** @throws Failure `network`, code `DigestMismatch`, when the registry's `Docker-Content-Digest` differs. */
export function checkDigestHeader({ headers }: Pick<Answer, "headers">, digest: Digest, where: string): void {
  const claimed = headers["docker-content-digest"];
  if (claimed === undefined || claimed === digest || !claimed.startsWith("sha256:")) return;
  throw new Failure("network", `The registry's digest header for ${where} does not match its content.`, {
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
