import { Failure } from "../errors.ts";
import { type Digest, digestOf, hexOf } from "../image/digest.ts";
import type { Repository } from "../image/reference.ts";
import { DOCUMENT_LIMIT, readAtMost } from "./content.ts";
import { type Descriptor, isJsonObject, parseJsonObject } from "./manifest.ts";
import { OCI_INDEX } from "./media-types.ts";
import type { Registries } from "./registries.ts";
import { resolve } from "./resolve.ts";
import { sendManifest } from "./send-manifest.ts";

/** A manifest whose `subject` is another one. */
export interface Referrer extends Descriptor {
  readonly artifactType: string;
}

/**
 * Lets a registry that does not know referrers find one all the same: by an index under a tag made of the subject's
 * digest, as the specification has it. A registry that knows them has found it in the manifest already.
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
  const others = await resolve(registries, reference).then(membersOf, (error: unknown) => {
    if (error instanceof Failure && error.code === "NotFound") return [];
    throw error;
  });
  const { mediaType, digest, size, artifactType } = referrer;
  if (others.some((member) => isJsonObject(member) && member["digest"] === digest)) return;
  const manifests = [...others, { mediaType, digest, size, artifactType }];
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
