/** catalogue.yml from a new release to the branch of its pull request, and what is built from that branch. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { RELEASES } from "../../src/tools/catalogue.ts";
import { git, openGitHub, packages } from "./github.ts";

const run = promisify(execFile);
const FILE = ".github/workflows/catalogue.yml";
const VERSION = "99.0.0";
const { repository: REPOSITORY, asset } = RELEASES.buildkit;
const ARCHIVE = asset(VERSION, "amd64");
const RELEASE = Buffer.from("no program is in it");
const SUM = createHash("sha256").update(RELEASE).digest("hex");
/** What the steps of the workflow read of the repository. */
const PARTS = ["src", ".github", "dist", "package.json", "package-lock.json", "biome.json", "tsconfig.json"];
const DOT_FILES = [".gitignore", ".gitattributes", ".npmrc"];

let root = "";
let releases: Server;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "bento-image-catalogue-"));
  // As the API of GitHub answers: one tool has a release that the catalogue does not know, the others have none.
  releases = createServer(({ url }, response) => {
    const isNewer = url === `/repos/${REPOSITORY}/releases/latest`;
    const assets = [{ name: ARCHIVE, size: RELEASE.length, digest: `sha256:${SUM}`, browser_download_url: "" }];
    response.end(JSON.stringify(isNewer ? { tag_name: `v${VERSION}`, assets } : { tag_name: "v0.0.0", assets: [] }));
  });
  await once(releases.listen(0, "127.0.0.1"), "listening");
});

afterAll(async () => {
  releases.close();
  await rm(root, { recursive: true });
});

it("a new release becomes a branch whose bundle installs it, and nothing else of the repository changes", async () => {
  const { port } = releases.address() as AddressInfo;
  // Only the address of the API is another.
  const workflow = (await readFile(FILE, "utf8")).replace(
    "GITHUB_TOKEN: ${{ github.token }}",
    `$&\n          GITHUB_API_URL: http://127.0.0.1:${port}`,
  );
  const github = await openGitHub(root, async (repository) => {
    for (const item of [...PARTS, ...DOT_FILES]) await cp(item, join(repository, item), { recursive: true });
    await writeFile(join(repository, FILE), workflow);
  });
  await github.run({ file: FILE, event: "workflow_dispatch", options: packages(resolve("node_modules")) });

  const branch = join(root, "branch");
  await git(root, "clone", "--quiet", "--branch", "catalogue", github.origin, branch);
  expect((await git(branch, "diff", "--name-only", "origin/main")).split("\n")).toEqual([
    "dist/set-up-engine.js",
    "src/tools/catalogue.json",
  ]);
  expect(await github.asked()).toEqual([
    "auth setup-git",
    "pr view catalogue --json state --jq .state",
    expect.stringMatching(/^pr create --base main --head catalogue /),
    "workflow run ci.yml --ref catalogue",
  ]);
  const log = await install(branch);
  expect(log).toContain(`Downloading ${join(root, "mirror", ARCHIVE)}`);
  // Its checksum is as expected, so that it gets unpacked.
  expect(log).toMatch(new RegExp(`^::error .*${ARCHIVE} cannot be unpacked`, "m"));
});

/** What setup/action.yml of the branch says when it installs BuildKit from a mirror that has the release. */
async function install(branch: string): Promise<string> {
  const [mirror, temporary] = [join(root, "mirror"), join(root, "temporary")];
  await mkdir(mirror);
  await mkdir(temporary);
  await writeFile(join(mirror, ARCHIVE), RELEASE);
  const inputs = { INPUT_BACKEND: "buildctl", INPUT_INSTALL: "always", "INPUT_TOOL-MIRROR": mirror };
  const files = { GITHUB_OUTPUT: join(root, "output"), GITHUB_STATE: join(root, "state") };
  const env = { PATH: process.env["PATH"], RUNNER_TEMP: temporary, ...inputs, ...files };
  return run(process.execPath, [join(branch, "dist/setup.js")], { env }).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
}
