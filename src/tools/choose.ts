import { Failure } from "../errors.ts";
import { CATALOGUE, type Catalogue, goArchitecture, type KnownAsset, newestVersion, RELEASES } from "./catalogue.ts";
import type { ToolName, ToolSettings } from "./tool-request.ts";

/** A published file that is known well enough to be installed. */
export interface Asset extends KnownAsset {
  readonly tool: ToolName;
  readonly version: string;
  /** The machine's, in Node's words. */
  readonly architecture: string;
  readonly file: string;
  /** `owner/name/releases/download/TAG/FILE`, as at github.com. */
  readonly path: string;
  /** Whether the user picked the version. */
  readonly isWish: boolean;
}

type Choice = Pick<ToolSettings, "tools" | "toolChecksums">;

/**
 * The file to install for each tool: of the version that the user picked, else of the newest that is known for the
 * machine. Wishes are checked all, also of tools that are not needed now.
 * @throws Failure `input`, code `UnknownVersion`, with every version whose checksum nobody knows; `tool`, code
 * `NoRelease`, when the catalogue has nothing for this machine.
 */
export function chooseAssets(
  names: readonly ToolName[],
  choice: Choice,
  architecture: string,
  catalogue: Catalogue = CATALOGUE,
): readonly Asset[] {
  const problems = choice.tools.flatMap(({ name, version }) => {
    const asset = describe(name, version, architecture);
    return findMistakes(asset, checksumsOf(asset, choice, catalogue));
  });
  if (problems.length > 0) throw unknownVersions(problems);
  return names.map((name) => chooseAsset(name, choice, architecture, catalogue));
}

function chooseAsset(name: ToolName, choice: Choice, architecture: string, catalogue: Catalogue): Asset {
  const request = choice.tools.find((one) => one.name === name);
  const version = request?.version ?? newestVersion(name, goArchitecture(architecture), catalogue);
  if (version === undefined) throw noRelease(name, architecture);
  const asset = describe(name, version, architecture);
  const { known, given } = checksumsOf(asset, choice, catalogue);
  const found = known ?? (given === undefined ? undefined : { sha256: given });
  if (found === undefined) throw noRelease(name, architecture);
  return { ...asset, ...found, isWish: request !== undefined };
}

type Description = Omit<Asset, "sha256" | "size" | "isWish">;

function describe(tool: ToolName, version: string, architecture: string): Description {
  const { asset, repository } = RELEASES[tool];
  const file = asset(version, goArchitecture(architecture));
  return { tool, version, architecture, file, path: `${repository}/releases/download/v${version}/${file}` };
}

interface Checksums {
  readonly known: KnownAsset | undefined;
  readonly given: string | undefined;
}

function checksumsOf(asset: Description, { toolChecksums }: Choice, catalogue: Catalogue): Checksums {
  return {
    known: catalogue[asset.tool][asset.version]?.[goArchitecture(asset.architecture)],
    given: toolChecksums[asset.file],
  };
}

function findMistakes({ tool, version, file }: Description, { known, given }: Checksums): readonly string[] {
  if (known === undefined && given === undefined) {
    return [`tools: the checksum of ${tool} ${version} is not known; give that of ${file} in tool-checksums`];
  }
  if (known !== undefined && given !== undefined && known.sha256 !== given) {
    return [`tool-checksums: ${file} of ${tool} ${version} has ${known.sha256}, not ${given}`];
  }
  return [];
}

function unknownVersions(problems: readonly string[]): Failure {
  return new Failure("input", problems.join(" · "), {
    code: "UnknownVersion",
    lines: problems,
    hint: "Nothing is installed whose checksum is not known beforehand. Take it from the release's own list of checksums.",
  });
}

function noRelease(name: ToolName, architecture: string): Failure {
  return new Failure("tool", `No version of ${name} is known for this machine (${architecture})`, {
    code: "NoRelease",
    hint: `Install ${name} on the runner, or pick a version in the input tools and give its checksum in tool-checksums.`,
  });
}
