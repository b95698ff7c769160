import { Failure } from "../errors.ts";
import { unquote } from "../machine/address.ts";
import { inParallel } from "../machine/concurrency.ts";
import { masksOf } from "../secrets/masks.ts";
import { Secret } from "../secrets/secret.ts";
import { chooseAssets } from "./choose.ts";
import { type InstalledTool, installTool, type ToolMachine } from "./install.ts";
import type { ToolName, ToolSettings } from "./tool-request.ts";

/** Tools that are installed in parallel. */
const AT_ONCE = 2;

/**
 * Installs tools from the tool cache, the mirror or their releases. Import this module only when a tool is missing, because
 * other runs do not need it.
 * @param names tools that are missing on the machine, or that are to be installed regardless.
 * @returns in the order of `names`.
 * @throws Failure `tool`, code `NotInstalled`, when `install` is `never`; else as `chooseAssets` and `installTool`.
 */
export async function prepareTools(
  names: readonly ToolName[],
  settings: ToolSettings,
  machine: ToolMachine,
): Promise<readonly InstalledTool[]> {
  if (settings.install === "never" && names.length > 0) throw notInstalled(names);
  maskPassword(settings.toolMirror, machine);
  const assets = chooseAssets(names, settings, machine.architecture);
  const installed: InstalledTool[] = [];
  await inParallel([...assets.entries()], AT_ONCE, machine.signal, async ([index, asset], signal) => {
    installed[index] = await installTool(asset, settings, { ...machine, signal });
  });
  return installed;
}

function maskPassword(mirror: string | undefined, { actions }: ToolMachine): void {
  const password = URL.parse(mirror ?? "")?.password ?? "";
  for (const mask of masksOf(new Secret(unquote(password)))) actions.mask(mask);
}

function notInstalled(names: readonly ToolName[]): Failure {
  return new Failure("tool", `${names.join(", ")} not found on this machine, and install is never`, {
    code: "NotInstalled",
    hint: "Install it on the runner, or set install: missing to let the action install it.",
  });
}
