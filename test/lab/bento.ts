import { execFile } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

/** Unpacks a fixture's BENTOML_HOME; the caller removes the directory. */
export async function unpackHome(fixture: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "bento-image-home-"));
  const archive = resolve("test/fixtures/bentos/good", fixture, "home.tar.gz");
  await promisify(execFile)("tar", ["--extract", "--file", archive, "--directory", directory]);
  return directory;
}
