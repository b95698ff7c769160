import { Failure } from "../errors.ts";
import { type Platform, printPlatform, samePlatform } from "../oci/platform.ts";
import type { Member } from "./member.ts";

/** What must be the same in all legs, and how to read it. */
const FACTS: Readonly<Record<string, (member: Member) => string | undefined>> = {
  Bento: ({ jobImage }) => jobImage.told?.bento,
  commit: ({ jobImage, labels }) => jobImage.told?.revision ?? labels["org.opencontainers.image.revision"],
  version: ({ labels }) => labels["org.opencontainers.image.version"],
};

/**
 * The members of the index in its order: that of the platforms asked for, else by name. An image that several legs give
 * counts once.
 * @throws Failure `input`, code `LegsMismatch`, with a line for each platform that is missing, doubled or not asked for,
 * and for each leg that belongs to something else.
 */
export function selectMembers(found: readonly Member[], wanted: readonly Platform[]): readonly Member[] {
  const members = [...new Map(found.toReversed().map((member) => [member.descriptor.digest, member])).values()];
  const platforms = wanted.length > 0 ? wanted : platformsOf(members);
  const lines = [
    ...platforms.flatMap((platform) => faultsOfPlatform(members, platform)),
    ...members
      .filter(({ platform }) => !platforms.some((known) => samePlatform(known, platform)))
      .map(({ platform, jobImage }) => `${printPlatform(platform)} was not asked for: ${jobImage.place}`),
    ...Object.entries(FACTS).flatMap(([name, read]) => disagreement(members, name, read)),
    ...differingPayload(members),
  ];
  if (lines.length > 0) {
    throw new Failure("input", `the legs do not make one image: ${lines.join(" · ")}`, {
      code: "LegsMismatch",
      lines,
      hint: "Every leg must build another platform of the same Bento, built once, at the same commit; digests of an earlier run must not lie beside those of this one.",
    });
  }
  return platforms.flatMap((platform) => members.filter((member) => samePlatform(member.platform, platform)));
}

function platformsOf(members: readonly Member[]): readonly Platform[] {
  const byName = new Map(members.map(({ platform }) => [printPlatform(platform), platform]));
  return [...byName.keys()].sort().flatMap((name) => byName.get(name) ?? []);
}

function faultsOfPlatform(members: readonly Member[], platform: Platform): readonly string[] {
  const fitting = members.filter((member) => samePlatform(member.platform, platform));
  const name = printPlatform(platform);
  if (fitting.length === 0) return [`${name} is missing`];
  if (fitting.length === 1) return [];
  return [`${name} is there ${fitting.length} times: ${fitting.map(printMember).toSorted().join(" and ")}`];
}

/** Payload is the same on every platform; a Bento that every leg builds for itself is another one each time. */
function differingPayload(members: readonly Member[]): readonly string[] {
  const titles = new Set(members.flatMap(({ payload }) => [...payload.keys()]));
  const assembled = members.filter(({ payload }) => payload.size > 0);
  const differing = [...titles].filter((title) => new Set(assembled.map(({ payload }) => payload.get(title))).size > 1);
  if (differing.length === 0) return [];
  const places = assembled.map(({ jobImage }) => jobImage.place).toSorted();
  return [`they do not hold the same files (${differing.join(", ")}): ${[...new Set(places)].join(", ")}`];
}

function printMember({ jobImage, descriptor }: Member): string {
  return jobImage.place.includes(descriptor.digest) ? jobImage.place : `${jobImage.place} (${descriptor.digest})`;
}

/** One line when those who say something do not say the same. */
function disagreement(
  members: readonly Member[],
  name: string,
  read: (member: Member) => string | undefined,
): readonly string[] {
  const said = members.flatMap((member) => {
    const value = read(member);
    return value === undefined ? [] : [{ value, place: member.jobImage.place }];
  });
  if (new Set(said.map(({ value }) => value)).size < 2) return [];
  const all = said.map(({ value, place }) => `${place} is of ${value}`).toSorted();
  return [`they are not of one ${name}: ${[...new Set(all)].join(", ")}`];
}
