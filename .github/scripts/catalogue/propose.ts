/** What the catalogue of tools would be with the newest releases in it. */
import gt from "semver/functions/gt.js";
import { type Catalogue, type CatalogueAsset, RELEASES } from "../../../src/tools/catalogue.ts";
import { parseChecksums, TOOL_NAMES, type ToolName } from "../../../src/tools/tool-request.ts";

/** The part of a release that matters: https://docs.github.com/rest/releases/releases#get-the-latest-release */
export interface PublishedRelease {
  readonly tag_name: string;
  readonly assets: readonly PublishedAsset[];
}

interface PublishedAsset {
  readonly name: string;
  readonly size: number;
  /** `sha256:…`, as GitHub itself computed it at the upload. */
  readonly digest: string | null;
  readonly browser_download_url: string;
}

export interface Published {
  latest(repository: string): Promise<PublishedRelease>;
  text(url: string): Promise<string>;
}

/** Go's words for the architectures that Node runs on. */
const ARCHITECTURES = ["amd64", "arm64", "arm", "ppc64le", "s390x", "riscv64"];

/** Lists of checksums, where a project publishes one. */
const LISTS = /^(?:checksums\.txt|SHA256SUMS)$/;

/**
 * The catalogue with the newest release of each tool, where that is newer than all in it; older ones stay. A sum is taken
 * when GitHub tells it and the project's own list, or the `.sha256` beside the file, says the same, if there is one.
 * @throws Error when the two differ, or when a sum of a known version is now another.
 */
export async function propose(catalogue: Catalogue, published: Published): Promise<Catalogue> {
  const next: Record<string, Catalogue[ToolName]> = {};
  for (const tool of TOOL_NAMES) next[tool] = await proposeTool(tool, catalogue[tool], published);
  return next as Catalogue;
}

async function proposeTool(
  tool: ToolName,
  known: Catalogue[ToolName],
  published: Published,
): Promise<Catalogue[ToolName]> {
  const release = await published.latest(RELEASES[tool].repository);
  const version = release.tag_name.replace(/^v/, "");
  const isOlder = Object.keys(known).some((one) => gt(one, version));
  if (isOlder) return known;
  const sums = await publishedSums(release, published);
  const found: Record<string, CatalogueAsset> = {};
  for (const architecture of ARCHITECTURES) {
    const file = RELEASES[tool].asset(version, architecture);
    const asset = release.assets.find(({ name }) => name === file);
    const sha256 = /^sha256:([0-9a-f]{64})$/.exec(asset?.digest ?? "")?.[1];
    if (asset === undefined || sha256 === undefined) continue;
    const said = [sums[file], await sumBeside(asset, release, published), known[version]?.[architecture]?.sha256];
    const other = said.find((sum) => sum !== undefined && sum !== sha256);
    if (other !== undefined) throw new Error(`${file} of ${release.tag_name} is ${sha256}, and elsewhere ${other}`);
    found[architecture] = { sha256, size: asset.size };
  }
  const assets = { ...known[version], ...found };
  return Object.keys(assets).length === 0 ? known : { ...known, [version]: assets };
}

async function publishedSums(
  release: PublishedRelease,
  published: Published,
): Promise<Readonly<Record<string, string>>> {
  const list = release.assets.find(({ name }) => LISTS.test(name));
  return list === undefined ? {} : parseChecksums(await published.text(list.browser_download_url));
}

async function sumBeside(
  asset: PublishedAsset,
  release: PublishedRelease,
  published: Published,
): Promise<string | undefined> {
  const beside = release.assets.find(({ name }) => name === `${asset.name}.sha256`);
  if (beside === undefined) return undefined;
  return /^[0-9a-f]{64}/.exec(await published.text(beside.browser_download_url))?.[0] ?? "nothing";
}
