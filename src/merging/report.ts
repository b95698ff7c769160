import { printPlatform } from "../oci/platform.ts";
import { distinctRepositories, printFamiliar, printReference, type Reference, withDigest } from "../oci/reference.ts";
import { code, codeBlock, facts, folded, join, markdown, printSections, table } from "../report/markdown.ts";
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
  const { digest } = index.descriptor;
  const [first] = tags;
  const image = first === undefined ? [] : [printReference(withDigest(first, digest))];
  const usage = image.flatMap((name) => [`docker pull ${name}`, "docker run --rm -p 3000:3000 \\", `  ${name}`]);
  const rows = members.map(({ platform, descriptor, attestations, jobImage }) => {
    const attested = attestations.length === 0 ? "" : `, ${attestations.length} attestation(s)`;
    return [code(printPlatform(platform)), markdown`${code(descriptor.digest)}${attested}`, code(jobImage.source)];
  });
  return printSections([
    markdown`#### ✅ One image for ${members.length === 1 ? "one platform" : `${members.length} platforms`} · ${code(digest.slice(0, 19))}`,
    codeBlock("sh", usage),
    table([markdown`Platform`, markdown`Image`, markdown`From`], rows, [1, 2]),
    folded(
      "Details",
      facts([
        [
          "Tags",
          join(
            tags.map((tag) => code(printFamiliar(tag))),
            ", ",
          ),
        ],
        ["Digest (index)", code(digest)],
      ]),
    ),
  ]);
}
