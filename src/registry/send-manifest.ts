import { Failure } from "../errors.ts";
import { digestOf } from "../image/digest.ts";
import { printReference, printRepository, type Reference } from "../image/reference.ts";
import type { StoredManifest } from "./graph.ts";
import type { Registries } from "./registries.ts";
import { checkClaim } from "./resolve.ts";

/** Layers without compression or with zstd; Quay, for one, refused both (https://github.com/containers/image/issues/1270). */
const UNUSUAL_LAYER = /\.tar(?:[+.]zstd)?$/;

/**
 * Puts the bytes of a manifest or index under its reference.
 * @throws Failure `input`, code `LayerTypeRefused`, when the registry refuses a manifest whose layers have types that not
 * all registries take; `network`, code `DigestMismatch`, when it stored something else; all others of a request.
 */
export async function sendManifest(
  registries: Registries,
  reference: Reference,
  manifest: StoredManifest,
): Promise<void> {
  const digest = digestOf(manifest.bytes);
  if (reference.digest !== undefined && reference.digest !== digest) {
    throw new Failure("internal", `${printReference(reference)} cannot name the image ${digest}.`);
  }
  try {
    await registries.retrying(() => put(registries, reference, manifest));
  } catch (error) {
    throw explained(error, manifest);
  }
}

async function put(registries: Registries, reference: Reference, { descriptor, bytes }: StoredManifest): Promise<void> {
  const { domain, path, tag, digest } = reference;
  const answer = await registries.send(
    { repository: { domain, path }, write: true },
    {
      method: "PUT",
      target: `manifests/${digest ?? tag ?? "latest"}`,
      headers: { "content-type": descriptor.mediaType },
      body: bytes,
      doing: `putting the manifest ${digest ?? `under the tag ${tag ?? "latest"}`}`,
      accept: [200, 201, 202],
    },
  );
  answer.body.resume();
  checkClaim(answer, digestOf(bytes), printRepository(reference));
}

function explained(error: unknown, { blobs: [, ...layers] }: StoredManifest): unknown {
  if (!(error instanceof Failure) || error.code !== "Refused" || /BLOB_UNKNOWN/.test(error.lines.join(" ")))
    return error;
  const types = new Set(layers.map(({ mediaType }) => mediaType).filter((type) => UNUSUAL_LAYER.test(type)));
  if (types.size === 0) return error;
  return new Failure("input", error.message, {
    code: "LayerTypeRefused",
    lines: error.lines,
    hint: `The image has layers of the type ${[...types].join(" and ")}, which not every registry takes. Set "compression: gzip".`,
    cause: error,
  });
}
