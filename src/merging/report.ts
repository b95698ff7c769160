import { printPlatform } from "../image/platform.ts";
import { distinctRepositories, printFamiliar, printReference, type Reference, withDigest } from "../image/reference.ts";
import type { MergedIndex } from "./delivery.ts";
import type { Member } from "./leg.ts";

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
  const names = tags.map((tag) => `\`${printFamiliar(tag)}\``).join("<br>");
  const rows = members.map(({ platform, descriptor, attestations, leg }) => {
    const attested = attestations.length === 0 ? "" : `, ${attestations.length} attestation(s)`;
    return `| \`${printPlatform(platform)}\` | \`${descriptor.digest}\`${attested} | ${leg.place.replaceAll("|", "\\|")} |`;
  });
  return [
    "### Merged image",
    "",
    "| | |",
    "|---|---|",
    `| Tags | ${names} |`,
    `| Digest (index) | \`${index.descriptor.digest}\` |`,
    "",
    "| Platform | Image | From |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
