import { Failure } from "../errors.ts";
import { unquote } from "../machine/address.ts";
import { inParallel } from "../machine/concurrency.ts";
import { masksOf } from "../secrets/masks.ts";
import { Secret } from "../secrets/secret.ts";
import { chooseAssets } from "./choose.ts";
import { type InstalledTool, installTool, type ToolMachine } from "./install.ts";
import type { ToolName, ToolSettings } from "./tool-request.ts";

/** Tools under way together. */
const AT_ONCE = 2;

/**
 * Makes the tools be there: from the tool cache, the mirror, or their releases. To be imported only when one is missing,
 * as nothing of this is of use otherwise.
 * @param names tools that the machine has not got, or that shall be ours whatever it has.
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
  const found: InstalledTool[] = [];
  await inParallel([...assets.entries()], AT_ONCE, machine.signal, async ([index, asset], signal) => {
    found[index] = await installTool(asset, settings, { ...machine, signal });
  });
  return found;
}

function maskPassword(mirror: string | undefined, { actions }: ToolMachine): void {
  const password = URL.parse(mirror ?? "")?.password ?? "";
  for (const mask of masksOf(new Secret(unquote(password)))) actions.mask(mask);
}

function notInstalled(names: readonly ToolName[]): Failure {
  return new Failure("tool", `This machine has not got ${names.join(", ")}, and install is never`, {
    code: "NotInstalled",
    hint: "Install it on the runner, or let the action do it with install: missing.",
  });
}
