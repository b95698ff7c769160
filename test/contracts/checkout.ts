import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Copies what git lists of this checkout, as it is now; not the Bentos of tests, which are big. */
export async function copyCheckout(to: string): Promise<void> {
  const { stdout } = await promisify(execFile)("git", ["ls-files", "-z", "--", ":!test/fixtures/bentos"]);
  const files = stdout.split("\0").filter((file) => file !== "");
  await Promise.all(files.map((file) => cp(file, join(to, file)).catch(ignoreDeleted)));
}

/** Whoever runs the tests may have removed a file that git still lists. */
function ignoreDeleted(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
