/** The shipped bundles on a runner of another system. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";

const run = promisify(execFile);

/** Runs before the bundle: Node as it says it is on another system, without what it has on Linux alone. */
const pretend = (platform: string) => `
  Object.defineProperty(process, "platform", { value: ${JSON.stringify(platform)} });
  if (process.platform === "win32") for (const name of ["getuid", "geteuid", "getgid", "getegid", "umask"]) delete process[name];
`;

/** Runs the bundle of a step on it. */
async function step(name: string, platform: string) {
  const directory = await mkdtemp(join(tmpdir(), "bento-image-system-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const before = join(directory, "before.mjs");
  await writeFile(before, pretend(platform));
  const args = ["--import", before, `dist/${name}.js`];
  return run(process.execPath, args, { env: { RUNNER_TEMP: directory } }).then(
    (printed) => ({ code: 0, ...printed }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

describe.each(["win32", "darwin"])("on %s", (platform) => {
  it.each(["main", "setup", "matrix", "merge"])("%s refuses the runner, and says what to do", async (name) => {
    const { code, stdout, stderr } = await step(name, platform);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout.match(/^::error .*$/gm)).toEqual([
      expect.stringMatching(/runs on Linux runners only, and this one has (?:Windows|macOS).*runs-on: ubuntu-latest/),
    ]);
  });

  it("the post step has nothing to remove, and says nothing", async () => {
    expect(await step("post", platform)).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});
