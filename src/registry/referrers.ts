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

/** A manifest whose `subject` is another one. */
export interface Referrer extends Descriptor {
  readonly artifactType: string;
}

/** Another client is as fast: each try loses only against one that writes between two requests of this one. */
const TRIES = 5;

/**
 * Lets a registry that does not know referrers find one all the same: by an index under a tag made of the subject's
 * digest, as the specification has it. A registry that knows them has found it in the manifest already.
 *
 * The index is read, and written with one entry more. It is read again afterwards, and written again while the entry is
 * missing, because another client had read the same and wrote later. What nobody can prevent without a conditional write,
 * which registries do not offer: that client may not look again, and then misses its own entry.
 * @throws Failure `network`, code `ReferrerLost`, when others keep taking the entry out; all others of a request.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#unavailable-referrers-api
 */
export async function addReferrer(
  registries: Registries,
  repository: Repository,
  subject: Digest,
  referrer: Referrer,
): Promise<void> {
  if (await knowsReferrers(registries, repository, subject)) return;
  const reference = { ...repository, tag: `sha256-${hexOf(subject)}` };
  for (let tries = 0; tries < TRIES; tries++) {
    const others = await readMembers(registries, reference);
    if (isAmong(others, referrer)) return;
    await writeMembers(registries, reference, [...others, entryOf(referrer)]);
  }
  if (isAmong(await readMembers(registries, reference), referrer)) return;
  throw new Failure("network", `${printReference(reference)} does not keep the entry of ${referrer.digest}.`, {
    code: "ReferrerLost",
    hint: "Something else writes this tag all the time; see concurrency in the workflow's documentation.",
  });
}

async function readMembers(registries: Registries, reference: Reference): Promise<readonly unknown[]> {
  return resolve(registries, reference).then(membersOf, (error: unknown) => {
    if (error instanceof Failure && error.code === "NotFound") return [];
    throw error;
  });
}

function isAmong(members: readonly unknown[], { digest }: Referrer): boolean {
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

async function knowsReferrers(registries: Registries, repository: Repository, subject: Digest): Promise<boolean> {
  const answer = await registries.retrying(() =>
    registries.send(
      { repository, write: false },
      { method: "GET", target: `referrers/${subject}`, doing: "asking for referrers", accept: [200, 404] },
    ),
  );
  await readAtMost(answer.body, DOCUMENT_LIMIT, "The list of referrers");
  return answer.status === 200;
}

function membersOf({ bytes }: { readonly bytes: Uint8Array }): readonly unknown[] {
  const members = parseJsonObject(bytes, "The index of referrers")["manifests"];
  return Array.isArray(members) ? members : [];
}
