import { Failure } from "../errors.ts";
import { type Digest, digestOf } from "../oci/digest.ts";
import type { StoredManifest } from "../oci/graph.ts";
import { printReference, printRepository, type Reference } from "../oci/reference.ts";
import type { Registries } from "./registries.ts";
import { checkDigestHeader, currentDigest } from "./resolve.ts";

/** Layers without compression or with zstd; Quay, for example, refused both (https://github.com/containers/image/issues/1270). */
const UNUSUAL_LAYER = /\.tar(?:[+.]zstd)?$/;

/** Failure codes of an immutable tag; registries report it in different ways. */
const REFUSALS = ["TagImmutable", "Refused", "Denied"];

/**
 * Pushes the bytes of a manifest or index under its reference. If the registry refuses because the tag is immutable, this
 * succeeds nevertheless when the tag already points to this manifest.
 * @throws Failure `input`, code `TagImmutable`, when the tag points to another manifest, with both digests; `input`, code
 * `LayerTypeRefused`, when the registry refuses a manifest whose layer types not all registries accept; `network`, code
 * `DigestMismatch`, when it stored something else; all others of a request.
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
    const found =
      isRefusal(error) && reference.tag !== undefined ? await currentDigest(registries, reference) : undefined;
    if (found === digest) return;
    throw immutable(error, reference, digest, found) ?? withLayerHint(error, manifest);
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
      doing: `pushing the manifest ${digest ?? `under the tag ${tag ?? "latest"}`}`,
      accept: [200, 201, 202],
    },
  );
  answer.body.resume();
  checkDigestHeader(answer, digestOf(bytes), printRepository(reference));
}

function isRefusal(error: unknown): boolean {
  return error instanceof Failure && REFUSALS.includes(error.code) && !/BLOB_UNKNOWN/.test(error.lines.join(" "));
}

function immutable(error: unknown, reference: Reference, wanted: Digest, found?: Digest): Failure | undefined {
  if (!(error instanceof Failure) || error.code !== "TagImmutable" || found === undefined) return undefined;
  const { class: failureClass, code, lines, hint } = error;
  const message = `${printReference(reference)} cannot be moved: it points to ${found}, this image is ${wanted}.`;
  return new Failure(failureClass, message, { code, lines, ...(hint && { hint }), cause: error });
}

function withLayerHint(error: unknown, { blobs: [, ...layers] }: StoredManifest): unknown {
  if (!(error instanceof Failure) || error.code !== "Refused" || /BLOB_UNKNOWN/.test(error.lines.join(" ")))
    return error;
  const types = new Set(layers.map(({ mediaType }) => mediaType).filter((type) => UNUSUAL_LAYER.test(type)));
  if (types.size === 0) return error;
  return new Failure("input", error.message, {
    code: "LayerTypeRefused",
    lines: error.lines,
    hint: `The image has layers of the type ${[...types].join(" and ")}, which not every registry accepts. Set "compression: gzip".`,
    cause: error,
  });
}
