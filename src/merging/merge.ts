/** The steps of a merge: list the images, read and compare them, write the index, push it, verify and report. */

import { findAuthFile } from "../commands/share-credentials.ts";
import { decodeSchema } from "../inputs/decode-schema.ts";
import { inParallel } from "../machine/concurrency.ts";
import type { Machine } from "../machine/machine.ts";
import { digestOf } from "../oci/digest.ts";
import { indexTypeOf, printIndex } from "../oci/image-index.ts";
import { printReference, withDigest } from "../oci/reference.ts";
import { openRegistries, REQUESTS_AT_ONCE, type RegistryOptions } from "../registry/registries.ts";
import { verify } from "../registry/verify.ts";
import { deliver, type MergedIndex } from "./delivery.ts";
import { findMergeConflicts, mergeSchema } from "./inputs.ts";
import { nameJobImages } from "./job-images.ts";
import { type Member, readJobImage } from "./member.ts";
import { mergedOutputs, mergedSummary } from "./report.ts";
import { selectMembers } from "./selection.ts";

const MINUTE = 60_000;

/** Joins the images of several platforms under one set of tags. @throws Failure; then no tag points to an incomplete image. */
export async function merge(machine: Machine, options: RegistryOptions = {}): Promise<void> {
  const inputs = await decodeSchema(mergeSchema, machine.env, findMergeConflicts);
  const { tags, annotations, platforms } = inputs;
  const [first] = tags;
  if (first === undefined) return;
  if (inputs.timeout !== undefined) machine.cancelAfter(inputs.timeout * MINUTE);
  const authFile = await findAuthFile(inputs.registryAuthFile, machine);
  const registries = openRegistries(machine, { ...options, ...(authFile === undefined ? {} : { authFile }) });

  const images = await nameJobImages(inputs, first, machine);
  const found = new Map<number, readonly Member[]>();
  await inParallel([...images.entries()], REQUESTS_AT_ONCE, machine.signal, async ([index, jobImage]) => {
    found.set(index, await readJobImage(registries, jobImage));
  });
  const members = selectMembers(
    images.flatMap((_, index) => found.get(index) ?? []),
    platforms,
  );
  const index = joinMembers(members, annotations);
  await deliver(registries, members, index, tags);
  await verify(registries, tags, index.descriptor.digest);

  const merged = { members, index, tags };
  for (const [name, value] of Object.entries(mergedOutputs(merged))) machine.actions.setOutput(name, value);
  if (inputs.summary !== false) await machine.actions.writeSummary(mergedSummary(merged));
  machine.actions.info(`Merged ${members.length} platform(s) into ${tags.map(printReference).join(", ")}`);
  machine.actions.info(`docker pull ${printReference(withDigest(first, index.descriptor.digest))}`);
}

/** The index: images first, then their attestations, in the order that BuildKit writes. */
function joinMembers(members: readonly Member[], annotations: Readonly<Record<string, string>>): MergedIndex {
  const images = members.map(({ platform, descriptor }) => ({ ...descriptor, platform }));
  const attestations = members.flatMap((member) =>
    member.attestations.map((descriptor) => ({ ...descriptor, platform: descriptor.platform ?? NO_PLATFORM })),
  );
  const descriptors = [...images, ...attestations];
  const bytes = printIndex(descriptors, annotations);
  const descriptor = {
    mediaType: indexTypeOf(descriptors, annotations),
    digest: digestOf(bytes),
    size: bytes.length,
    annotations: {},
  };
  return { descriptor, bytes };
}

/** Marks an attestation, so that engines do not mistake it for an image: https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
const NO_PLATFORM = { os: "unknown", architecture: "unknown" };
