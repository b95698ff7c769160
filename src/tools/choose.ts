import { Failure } from "../errors.ts";
import {
  CATALOGUE,
  type Catalogue,
  type CatalogueAsset,
  goArchitecture,
  newestVersion,
  RELEASES,
} from "./catalogue.ts";
import type { ToolName, ToolSettings } from "./tool-request.ts";

/** A published file with a known checksum, which can be installed. */
export interface Asset extends CatalogueAsset {
  readonly tool: ToolName;
  readonly version: string;
  /** The machine's architecture, by Node's name. */
  readonly architecture: string;
  readonly file: string;
  /** `owner/name/releases/download/TAG/FILE`, as at github.com. */
  readonly path: string;
  /** Whether the user picked the version. */
  readonly isRequested: boolean;
}

type Choice = Pick<ToolSettings, "tools" | "toolChecksums">;

/**
 * The file to install for each tool: of the version that the user requested, else of the newest in the catalogue for this
 * machine. All requested versions are checked, even of tools that are not needed now.
 * @throws Failure `input`, code `UnknownVersion`, with every version whose checksum is unknown; `tool`, code `NoRelease`, when
 * the catalogue has no version for this machine.
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
  const { catalogued, userChecksum } = checksumsOf(asset, choice, catalogue);
  const found = catalogued ?? (userChecksum === undefined ? undefined : { sha256: userChecksum });
  if (found === undefined) throw noRelease(name, architecture);
  return { ...asset, ...found, isRequested: request !== undefined };
}

type Description = Omit<Asset, "sha256" | "size" | "isRequested">;

function describe(tool: ToolName, version: string, architecture: string): Description {
  const { asset, repository } = RELEASES[tool];
  const file = asset(version, goArchitecture(architecture));
  return { tool, version, architecture, file, path: `${repository}/releases/download/v${version}/${file}` };
}

interface Checksums {
  readonly catalogued: CatalogueAsset | undefined;
  readonly userChecksum: string | undefined;
}

function checksumsOf(asset: Description, { toolChecksums }: Choice, catalogue: Catalogue): Checksums {
  return {
    catalogued: catalogue[asset.tool][asset.version]?.[goArchitecture(asset.architecture)],
    userChecksum: toolChecksums[asset.file],
  };
}

function findMistakes(
  { tool, version, file }: Description,
  { catalogued, userChecksum }: Checksums,
): readonly string[] {
  if (catalogued === undefined && userChecksum === undefined) {
    return [`tools: the checksum of ${tool} ${version} is not known; give the checksum of ${file} in tool-checksums`];
  }
  if (catalogued !== undefined && userChecksum !== undefined && catalogued.sha256 !== userChecksum) {
    return [`tool-checksums: ${file} of ${tool} ${version} has ${catalogued.sha256}, not ${userChecksum}`];
  }
  return [];
}

function unknownVersions(problems: readonly string[]): Failure {
  return new Failure("input", problems.join(" · "), {
    code: "UnknownVersion",
    lines: problems,
    hint: "A file is installed only if its checksum is known beforehand. Take it from the release's list of checksums.",
  });
}

function noRelease(name: ToolName, architecture: string): Failure {
  return new Failure("tool", `No version of ${name} is known for this machine (${architecture})`, {
    code: "NoRelease",
    hint: `Install ${name} on the runner, or set a version in the input tools and its checksum in tool-checksums.`,
  });
}
