import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type ToolName, toolKits, type WheelName, wheels } from "./pins.ts";
import { places } from "./places.ts";
import { buildKit } from "./provision/kit.ts";
import { installWheel } from "./provision/wheel.ts";
import { up } from "./up.ts";

export { wipe } from "./wipe.ts";

/** The environment of the lab's engines, after bringing up whatever is not up. Fails if anything is missing, naming it. */
export async function labEnvironment(): Promise<Record<string, string>> {
  const { environment, failures } = await up();
  if (failures.length > 0) throw new Error(`the lab is not complete:\n${failures.join("\n")}`);
  return environment;
}

/** The path of a further program, made now if it is not in the cache yet. */
export async function labTool(name: ToolName): Promise<string> {
  const at = places();
  mkdirSync(at.log, { recursive: true });
  const log = join(at.log, `provision-${name}.log`);
  const made = isWheel(name) ? installWheel(at, name, wheels[name], log) : buildKit(at, toolKits[name], log);
  return join(await made, name);
}

function isWheel(name: ToolName): name is WheelName {
  return name in wheels;
}
