import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { artifact } from "../artifact.ts";
import { run } from "../command.ts";
import type { Places } from "../places.ts";

/** Installs BentoML into a virtual environment of Debian's Python: a Bento records the Python that built it, and the base image has the same. */
export async function installBentoml(places: Places, log: string): Promise<string> {
  const lock = join(places.source, "bentoml", "requirements.lock");
  const venv = await artifact(places, {
    name: "bentoml",
    ingredients: [readFileSync(lock, "utf8")],
    make: async (draft, final) => {
      await run(["/usr/bin/python3", "-m", "venv", draft], { log });
      await run([join(draft, "bin/pip"), "install", "--require-hashes", "--requirement", lock], { log });
      for (const script of readdirSync(join(draft, "bin"))) retarget(join(draft, "bin", script), draft, final);
    },
  });
  return venv;
}

/** pip writes the environment's path into each script; ours moves after it is filled. */
function retarget(script: string, from: string, to: string): void {
  if (statSync(script).size > 100_000) return; // a binary, e.g. uv or the interpreter
  const text = readFileSync(script, "utf8");
  if (text.includes(from)) writeFileSync(script, text.replaceAll(from, to));
}
