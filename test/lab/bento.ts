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

/** What `bentoml build` changes with a line of the service: the source and the manifest; and every file is newer, as after a download. */
export async function changeCode(home: string): Promise<void> {
  const script = [
    'cd "$1"/bentos/*/*/',
    "echo '# changed' >> src/service.py",
    "sed -i \"s/^creation_time:.*/creation_time: '2027-01-01T00:00:00+00:00'/\" bento.yaml",
    'find . "$1/models" -type f -exec touch -d 2027-01-01 {} +',
  ];
  await promisify(execFile)("sh", ["-ec", script.join("\n"), "sh", home]);
}
