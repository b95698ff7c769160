/**
 * A separate process with its own umask, locale and time zone: creates a Bento and a model, and prints the digests of
 * their layers. Called as `node print-digests.ts <directory> <forwards or backwards> <seconds since 1970 of every file>`.
 */
import { chmod, readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { planPayload } from "../../src/assembly/prepare-layers.ts";
import { chooseEncoding } from "../../src/layers/encoding.ts";
import { type HashJob, performHash } from "../../src/layers/hash.ts";
import { measureLayer } from "../../src/layers/measure.ts";
import { realFiles } from "../../src/machine/files.ts";
import type { Compression } from "../../src/oci/compression.ts";
import { bentoIn, FILES, modelIn, recipeOf, type Tree, WEIGHTS, writeTree } from "./bentos.ts";
import { EPOCH, noise } from "./plans.ts";

const [root = "", request = "", time = ""] = process.argv.slice(2);
const files = realFiles(root);
const machine = { files, workers: { width: 1, run: (job: unknown) => performHash(job as HashJob, files.enclosed) } };

function ordered(tree: Tree): Tree {
  const entries = Object.entries(tree);
  return Object.fromEntries(request === "backwards" ? entries.toReversed() : entries);
}

const SOURCES: Tree = {
  "src/İ.py": "",
  "src/i.py": "",
  "src/ä.py": "",
  "src/z.py": "",
  "src/sub/Z": "",
  "src/sub/a": "",
};
const bento = await writeTree(join(root, "bento"), ordered({ ...FILES, ...SOURCES }));
const model = modelIn(
  await writeTree(join(root, "model"), ordered({ ...WEIGHTS, "shards/1": noise(200_000), tokens: "t".repeat(50_000) })),
);
await chmod(join(bento, "env/python/install.sh"), 0o700);
for (const directory of [bento, model.directory.path]) {
  for (const path of await readdir(directory, { recursive: true })) {
    await utimes(join(directory, path), Number(time), Number(time));
  }
}

const compressions: readonly Compression[] = [{ format: "gzip", auto: true }, { format: "zstd" }, { format: "none" }];
for (const compression of compressions) {
  const jobs = await planPayload(recipeOf(bentoIn(bento), [model]), [model], { epoch: EPOCH, compression }, machine);
  for (const { plan, key } of jobs) {
    const { encoding } = await chooseEncoding(plan, compression, files.enclosed);
    const { diffId, digest } = await measureLayer(plan, encoding, machine);
    process.stdout.write(`${encoding.kind} ${plan.title} ${key ?? ""} ${diffId} ${digest}\n`);
  }
}
