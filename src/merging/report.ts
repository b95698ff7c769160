import { printPlatform } from "../oci/platform.ts";
import { distinctRepositories, printFamiliar, printReference, type Reference, withDigest } from "../oci/reference.ts";
import { code, join, markdown, table } from "../report/markdown.ts";
import type { MergedIndex } from "./delivery.ts";
import type { Member } from "./member.ts";

export interface Merged {
  readonly members: readonly Member[];
  readonly index: MergedIndex;
  readonly tags: readonly Reference[];
}

/** Every output of merge/action.yml. */
export function mergedOutputs({ members, index, tags }: Merged): Readonly<Record<string, string>> {
  const { digest } = index.descriptor;
  const images = distinctRepositories(tags).map((repository) => printReference(withDigest(repository, digest)));
  const digests = members.map(({ platform, descriptor }) => [printPlatform(platform), { digest: descriptor.digest }]);
  return {
    digest,
    image: images[0] ?? "",
    images: JSON.stringify(images),
    digests: JSON.stringify(Object.fromEntries(digests)),
    tags: tags.map(printReference).join("\n"),
  };
}

/** The job summary. */
export function mergedSummary({ members, index, tags }: Merged): string {
  const names = tags.map((tag) => code(printFamiliar(tag)));
  const rows = members.map(({ platform, descriptor, attestations, jobImage }) => {
    const attested = attestations.length === 0 ? "" : `, ${attestations.length} attestation(s)`;
    return [code(printPlatform(platform)), markdown`${code(descriptor.digest)}${attested}`, code(jobImage.source)];
  });
  const facts = table([
    [markdown`Tags`, join(names, "<br>")],
    [markdown`Digest (index)`, code(index.descriptor.digest)],
  ]);
  const images = table(rows, [markdown`Platform`, markdown`Image`, markdown`From`]);
  return `${join([markdown`### Merged image`, facts, images], "\n\n").source}\n`;
}
