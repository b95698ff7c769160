/** A store of Bentos with one more model: random bytes, as big as wished, made on the spot. */
import { randomFillSync } from "node:crypto";
import { appendFile, cp, mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The Bento of the fixture `sklearn`. */
export const BENTO = { name: "iris_classifier", version: "bkemozxfjwqs2ax4" };

const MODEL = "weights";
const MIB = 1024 * 1024;
const CREATED = "2026-01-01T00:00:00+00:00";
const FIRST_MODEL = "  models:\n";

/** Writes a version of the model and removes all others, so that the disk holds one. Gives the path of its file. */
export async function writeModel(home: string, version: string, mebibytes: number): Promise<string> {
  await removeModel(home);
  const models = join(home, "models", MODEL);
  await mkdir(join(models, version), { recursive: true });
  await writeFile(join(models, "latest"), version);
  await writeFile(join(models, version, "model.yaml"), manifestOf(version));
  const path = join(models, version, "weights.bin");
  await using file = await open(path, "w");
  const piece = Buffer.alloc(MIB);
  for (let written = 0; written < mebibytes; written += 1) await file.write(randomFillSync(piece));
  // What is still to be written would disturb what is measured next.
  await file.sync();
  return path;
}

export async function removeModel(home: string): Promise<void> {
  await rm(join(home, "models", MODEL), { recursive: true, force: true });
}

/** Copies the fixture's Bento under a new version with a line of its own in its service. Gives the new tag. */
export async function writeBento(home: string, version: string, model?: string): Promise<string> {
  const [from, to] = [BENTO.version, version].map((one) => join(home, "bentos", BENTO.name, one)) as [string, string];
  await cp(from, to, { recursive: true });
  await appendFile(join(to, "src/service.py"), `\nCHANGE = "${version}"\n`);
  const manifest = join(to, "bento.yaml");
  const text = (await readFile(manifest, "utf8")).replace(`version: ${BENTO.version}`, `version: ${version}`);
  await writeFile(manifest, model === undefined ? text : withModel(text, model));
  return `${BENTO.name}:${version}`;
}

/** As `bentoml build` lists it: beside the first model of the service. */
function withModel(manifest: string, version: string): string {
  const entry = `  - tag: ${MODEL}:${version}\n    module: ''\n    creation_time: '${CREATED}'\n`;
  if (!manifest.includes(FIRST_MODEL)) throw new Error("the fixture's Bento has no service with models");
  return manifest.replace(FIRST_MODEL, `${FIRST_MODEL}${entry}`);
}

/** As `bentoml.models.create` writes it. */
function manifestOf(version: string): string {
  return `\
name: ${MODEL}
version: ${version}
module: ''
labels: {}
options: {}
metadata: {}
context:
  framework_name: ''
  framework_versions: {}
  bentoml_version: 1.4.38
  python_version: 3.11.7
signatures: {}
api_version: v1
creation_time: '${CREATED}'
`;
}
