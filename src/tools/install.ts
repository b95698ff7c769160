import { randomUUID } from "node:crypto";
import { join } from "node:path/posix";
import { asFailure, Failure } from "../errors.ts";
import type { Machine, ToolCache } from "../machine/machine.ts";
import { RETRY_POLICY, type RetryPolicy } from "../registry/retry.ts";
import { RELEASES } from "./catalogue.ts";
import type { Asset } from "./choose.ts";
import { download } from "./download.ts";
import { findDifference, writeRecord } from "./record.ts";
import type { ToolName, ToolSettings } from "./tool-request.ts";
import { unpackPrograms } from "./unpack.ts";

export interface ToolMachine extends Pick<Machine, "files" | "http" | "actions" | "signal" | "now" | "architecture"> {
  readonly toolCache: ToolCache;
}

export interface InstalledTool {
  readonly name: ToolName;
  readonly version: string;
  /** Absolute; the tool's root in the tool cache, which contains e.g. `libexec/cni` of nerdctl-full. */
  readonly root: string;
  /** Absolute; the directory of programs for PATH. */
  readonly directory: string;
  readonly from: "cache" | "mirror" | "release";
}

/** A name of its own: other actions keep tools under the plain names, without a record. */
const cacheName = (tool: ToolName): string => `bento-image-${tool}`;

/**
 * Takes a tool from the runner's tool cache without network access, or installs it there. A download is unpacked only after
 * its checksum was verified; a failed one leaves nothing.
 * @throws Failure as `download` and `unpackPrograms`.
 */
export async function installTool(
  asset: Asset,
  settings: Pick<ToolSettings, "toolMirror" | "install">,
  machine: ToolMachine,
  retryPolicy: RetryPolicy = RETRY_POLICY,
): Promise<InstalledTool> {
  if (settings.install !== "always") {
    const root = await findInCache(asset, machine);
    if (root !== undefined) return installed(asset, root, "cache");
  }
  const work = join(await machine.files.scratch(), `tool-${randomUUID()}`);
  await machine.files.makeDirectory(join(work, "programs"), 0o700);
  try {
    const file = join(work, "download");
    const from = await download(asset, settings.toolMirror, file, machine, retryPolicy);
    const root = await addToCache(asset, file, join(work, "programs"), settings.install === "always", machine);
    machine.actions.info(`Installed ${asset.tool} ${asset.version} from the ${from}`);
    return installed(asset, root, from);
  } finally {
    await machine.files.remove(work);
  }
}

function installed({ tool, version }: Asset, root: string, from: InstalledTool["from"]): InstalledTool {
  return { name: tool, version, root, directory: join(root, RELEASES[tool].path), from };
}

async function findInCache(asset: Asset, { toolCache, files, actions }: ToolMachine): Promise<string | undefined> {
  const root = await toolCache.find(cacheName(asset.tool), asset.version, asset.architecture);
  if (root === undefined) return undefined;
  const difference = await findDifference(root, asset, files);
  if (difference === undefined) return root;
  actions.warning(
    `${asset.tool} ${asset.version} in the tool cache is not intact (${difference}); it is installed again.`,
  );
  return undefined;
}

async function addToCache(
  asset: Asset,
  file: string,
  directory: string,
  replace: boolean,
  machine: ToolMachine,
): Promise<string> {
  const { files, toolCache } = machine;
  const programs = await unpackPrograms(asset, file, directory, machine);
  await writeRecord(directory, asset, programs, files);
  const isIntact = async (root: string): Promise<boolean> =>
    !replace && (await findDifference(root, asset, files)) === undefined;
  try {
    return await toolCache.add(directory, cacheName(asset.tool), asset.version, asset.architecture, isIntact);
  } catch (error) {
    throw explain(error);
  }
}

function explain(error: unknown): Failure {
  const failure = asFailure(error);
  if (failure.class !== "internal") return failure;
  return new Failure("tool", `The tool cache cannot be written: ${failure.message}`, {
    code: "CacheNotWritable",
    hint: "Set RUNNER_TOOL_CACHE to a directory that this user may write to.",
    cause: error,
  });
}
