/** What nobody can be faster than: the bytes read once and sent once, by the plainest tools there are. */
import { type Env, runWell } from "./program.ts";

/** Gives the file's digest. */
export async function sha256sum(path: string, env: Env, signal: AbortSignal): Promise<string> {
  const { log } = await runWell("sha256sum", [path], env, { signal });
  return `sha256:${log.slice(0, 64)}`;
}

/** One POST and one PUT. @param repository with its registry, `127.0.0.1:5000/name`. */
export async function upload(
  { path, digest, repository }: { readonly path: string; readonly digest: string; readonly repository: string },
  env: Env,
  signal: AbortSignal,
): Promise<void> {
  const begin = `http://${repository.replace("/", "/v2/")}/blobs/uploads/`;
  const curl = (args: readonly string[]) =>
    runWell("curl", ["--fail", "--silent", "--show-error", ...args], env, { signal });
  const { log } = await curl(["--request", "POST", "--output", "/dev/null", "--write-out", "%header{location}", begin]);
  const place = new URL(log, begin);
  place.searchParams.set("digest", digest);
  // Without the empty `Expect` it would first wait to be told to go on.
  await curl([
    "--header",
    "Expect:",
    "--header",
    "Content-Type: application/octet-stream",
    "--upload-file",
    path,
    place.href,
  ]);
}
