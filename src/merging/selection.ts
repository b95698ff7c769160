import { Failure } from "../errors.ts";
import { type Platform, printPlatform, samePlatform } from "../oci/platform.ts";
import type { Member } from "./member.ts";

/** Facts that must be the same in all images, and how to read them. */
const FACTS: Readonly<Record<string, (member: Member) => string | undefined>> = {
  Bento: ({ jobImage }) => jobImage.digestFile?.bento,
  commit: ({ jobImage, labels }) => jobImage.digestFile?.revision ?? labels["org.opencontainers.image.revision"],
  version: ({ labels }) => labels["org.opencontainers.image.version"],
};

/**
 * The members of the index in order: that of the requested platforms, else by name. An image that is given several times
 * counts once.
 * @throws Failure `input`, code `LegsMismatch`, with a line for each platform that is missing, duplicate or not requested,
 * and for each fact in which the images differ.
 */
export function selectMembers(found: readonly Member[], wanted: readonly Platform[]): readonly Member[] {
  const members = [...new Map(found.toReversed().map((member) => [member.descriptor.digest, member])).values()];
  const platforms = wanted.length > 0 ? wanted : platformsOf(members);
  const lines = [
    ...platforms.flatMap((platform) => faultsOfPlatform(members, platform)),
    ...members
      .filter(({ platform }) => !platforms.some((one) => samePlatform(one, platform)))
      .map(({ platform, jobImage }) => `${printPlatform(platform)} is not in the input platforms: ${jobImage.source}`),
    ...Object.entries(FACTS).flatMap(([name, read]) => differences(members, name, read)),
    ...differingPayload(members),
  ];
  if (lines.length > 0) {
    throw new Failure("input", `these images do not form one image: ${lines.join(" · ")}`, {
      code: "LegsMismatch",
      lines,
      hint: "Each matrix job must build a different platform of the same Bento, built once, at the same commit. Remove digest files of earlier runs.",
    });
  }
  return platforms.flatMap((platform) => members.filter((member) => samePlatform(member.platform, platform)));
}

function platformsOf(members: readonly Member[]): readonly Platform[] {
  const byName = new Map(members.map(({ platform }) => [printPlatform(platform), platform]));
  return [...byName.keys()].sort().flatMap((name) => byName.get(name) ?? []);
}

function faultsOfPlatform(members: readonly Member[], platform: Platform): readonly string[] {
  const matching = members.filter((member) => samePlatform(member.platform, platform));
  const name = printPlatform(platform);
  if (matching.length === 0) return [`${name} is missing`];
  if (matching.length === 1) return [];
  return [`${name} was given ${matching.length} times: ${matching.map(printMember).toSorted().join(" and ")}`];
}

/** The payload is the same on every platform. It differs if each matrix job built the Bento itself. */
function differingPayload(members: readonly Member[]): readonly string[] {
  const titles = new Set(members.flatMap(({ payload }) => [...payload.keys()]));
  const assembled = members.filter(({ payload }) => payload.size > 0);
  const differing = [...titles].filter((title) => new Set(assembled.map(({ payload }) => payload.get(title))).size > 1);
  if (differing.length === 0) return [];
  const sources = assembled.map(({ jobImage }) => jobImage.source).toSorted();
  return [`they do not contain the same files (${differing.join(", ")}): ${[...new Set(sources)].join(", ")}`];
}

function printMember({ jobImage, descriptor }: Member): string {
  return jobImage.source.includes(descriptor.digest) ? jobImage.source : `${jobImage.source} (${descriptor.digest})`;
}

/** One line if the members that have the fact differ in it. */
function differences(
  members: readonly Member[],
  name: string,
  read: (member: Member) => string | undefined,
): readonly string[] {
  const values = members.flatMap((member) => {
    const value = read(member);
    return value === undefined ? [] : [{ value, source: member.jobImage.source }];
  });
  if (new Set(values.map(({ value }) => value)).size < 2) return [];
  const all = values.map(({ value, source }) => `${source} has ${value}`).toSorted();
  return [`they differ in their ${name}: ${[...new Set(all)].join(", ")}`];
}
