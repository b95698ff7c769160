/** How long does the action take to be there? Against a Node script with nothing in it. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unpackHome } from "../lab/bento.ts";
import type { Figure } from "./figure.ts";
import { ACTION, type Env, run, stepEnvironment } from "./program.ts";
import type { Settings } from "./settings.ts";
import { inTurn, median } from "./turns.ts";

const START_BUDGET = 60;
const CODE_BUDGET = 600;

export async function measureStart({ rounds, place, signal }: Settings): Promise<readonly Figure[]> {
  const empty = join(place, "empty.mjs");
  await writeFile(empty, "");
  const home = await unpackHome("minimal");
  try {
    const bare = await stepEnvironment(place, {});
    const dry = { bento: "greeter", "bentoml-home": home, backend: "buildctl", "dry-run": "true" };
    const dryEnv = await stepEnvironment(place, dry);
    const times = await inTurn(
      rounds,
      {
        empty: () => timeOf(empty, bare, 0),
        // Without inputs it says so and ends.
        action: () => timeOf(ACTION, bare, 1),
        dryRun: () => timeOf(ACTION, dryEnv, 0),
      },
      { warm: true, signal },
    );
    const script = median(times.empty);
    const against = { name: "empty script", value: script };
    return [
      { what: "start, over an empty script", value: median(times.action) - script, unit: "ms", budget: START_BUDGET },
      { what: "start until the end, no inputs", value: median(times.action), unit: "ms", against },
      { what: "dry-run of a small Bento", value: median(times.dryRun), unit: "ms", against },
      { what: "code that every run loads", value: (await eagerBytes(ACTION)) / 1000, unit: "KB", budget: CODE_BUDGET },
    ];
  } finally {
    await rm(home, { recursive: true });
  }
}

async function timeOf(script: string, env: Env, expected: number): Promise<number> {
  const { code, log, milliseconds } = await run(process.execPath, [script], env);
  if (code !== expected) throw new Error(`${script} ended with ${code} instead of ${expected}:\n${log}`);
  return milliseconds;
}

/** Bytes of a file and of all that it imports at once. */
async function eagerBytes(file: string, seen: Set<string> = new Set()): Promise<number> {
  if (seen.has(file)) return 0;
  seen.add(file);
  const text = await readFile(file, "utf8");
  let bytes = Buffer.byteLength(text);
  for (const [, name = ""] of text.matchAll(/(?:from|^import) "\.\/([^"]+\.js)";$/gm)) {
    bytes += await eagerBytes(join(dirname(file), name), seen);
  }
  return bytes;
}
