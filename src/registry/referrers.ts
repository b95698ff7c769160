import { Failure } from "../errors.ts";
import { DOCUMENT_LIMIT, readAtMost } from "../oci/content.ts";
import { type Digest, digestOf, hexOf } from "../oci/digest.ts";
import { type Descriptor, parseJsonObject } from "../oci/manifest.ts";
import { OCI_INDEX } from "../oci/media-types.ts";
import { printReference, type Reference, type Repository } from "../oci/reference.ts";
import { isJsonObject } from "../text/json.ts";
import type { Registries } from "./registries.ts";
import { resolve } from "./resolve.ts";
import { sendManifest } from "./send-manifest.ts";

/** A manifest that refers to another one in `subject`. */
export interface Referrer extends Descriptor {
  readonly artifactType: string;
}

/** Tries to add an entry; each fails only if another client writes between two requests of this one. */
const TRIES = 5;

/**
 * Adds a referrer in a registry without the referrers API: to an index under a tag that is made of the subject's digest, as
 * the specification defines. A registry with the API finds the referrer by its manifest, so nothing is done.
 *
 * The index is read and written with one more entry. It is then read again, and written again while the entry is missing,
 * because another client may have read the same index and written it later. Registries have no conditional writes, so this
 * cannot protect the other client's entry: that client must check it itself.
 * @throws Failure `network`, code `ReferrerLost`, when other clients keep removing the entry; all others of a request.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#unavailable-referrers-api
 */
export async function addReferrer(
  registries: Registries,
  repository: Repository,
  subject: Digest,
  referrer: Referrer,
): Promise<void> {
  if (await hasReferrersApi(registries, repository, subject)) return;
  const reference = { ...repository, tag: `sha256-${hexOf(subject)}` };
  for (let tries = 0; tries < TRIES; tries++) {
    const others = await readMembers(registries, reference);
    if (includesReferrer(others, referrer)) return;
    await writeMembers(registries, reference, [...others, entryOf(referrer)]);
  }
  if (includesReferrer(await readMembers(registries, reference), referrer)) return;
  throw new Failure("network", `${printReference(reference)} lost the entry of ${referrer.digest} in every try.`, {
    code: "ReferrerLost",
    hint: "Other clients write this tag at the same time; see concurrency in the workflow's documentation.",
  });
}

async function readMembers(registries: Registries, reference: Reference): Promise<readonly unknown[]> {
  return resolve(registries, reference).then(membersOf, (error: unknown) => {
    if (error instanceof Failure && error.code === "NotFound") return [];
    throw error;
  });
}

function includesReferrer(members: readonly unknown[], { digest }: Referrer): boolean {
  return members.some((member) => isJsonObject(member) && member["digest"] === digest);
}

function entryOf({ mediaType, digest, size, artifactType }: Referrer) {
  return { mediaType, digest, size, artifactType };
}

async function writeMembers(
  registries: Registries,
  reference: Reference,
  manifests: readonly unknown[],
): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
  const descriptor = { mediaType: OCI_INDEX, digest: digestOf(bytes), size: bytes.length, annotations: {} };
  await sendManifest(registries, reference, { descriptor, bytes, blobs: [] });
}

async function hasReferrersApi(registries: Registries, repository: Repository, subject: Digest): Promise<boolean> {
  const answer = await registries.retrying(() =>
    registries.send(
      { repository, write: false },
      { method: "GET", target: `referrers/${subject}`, doing: "requesting referrers", accept: [200, 404] },
    ),
  );
  await readAtMost(answer.body, DOCUMENT_LIMIT, "The list of referrers");
  return answer.status === 200;
}

function membersOf({ bytes }: { readonly bytes: Uint8Array }): readonly unknown[] {
  const members = parseJsonObject(bytes, "The index of referrers")["manifests"];
  return Array.isArray(members) ? members : [];
}
